import type { KernelVersion, Operation, Revision, RunSpec, Scenario, Strategy } from '../scenario/types.ts';

/** A way to serve a scenario's request. */
export interface Route {
  readonly id: string;
  readonly strategy: Strategy;
  readonly title: string;
  readonly about: string;
  /** instead of what the strategy itself does */
  operations?(scenario: Scenario): readonly Operation[];
}

/** Every way to serve a request, those of the unified walk first; the first is the scenario's own. */
export const ROUTES: readonly Route[] = [
  {
    id: 'device-fault',
    strategy: 'unified',
    title: 'Device fault: hmm_range_fault() with migrate',
    about: 'The device faults: one walk faults pages in and prepares them for migration, under an interval notifier.',
  },
  {
    id: 'setup-fault',
    strategy: 'unified',
    title: 'migrate_vma_setup() with MIGRATE_VMA_FAULT',
    about: 'A migration without a notifier whose walk may also fault pages in.',
    operations: (s) => [{ call: 'migrate_vma', fault: true, request: s.request }],
  },
  {
    id: 'setup',
    strategy: 'unified',
    title: 'migrate_vma_setup() without fault',
    about: 'A migration of what is there: nothing is faulted in.',
    operations: (s) => [{ call: 'migrate_vma', fault: false, request: s.request }],
  },
  {
    id: 'fault-then-migrate',
    strategy: 'fault-then-migrate',
    title: 'fault, then migrate (2 walks)',
    about: 'hmm_range_fault() faults everything in, then migrate_vma_setup() walks again to collect it.',
  },
  {
    id: 'migrate-fault-migrate',
    strategy: 'migrate-fault-migrate',
    title: 'migrate, fault, migrate (up to 3 walks)',
    about: 'A migration is tried first; when it is incomplete, hmm_range_fault() faults in and it is tried again.',
  },
  {
    id: 'migrate-only',
    strategy: 'migrate-only',
    title: 'migrate only',
    about: 'migrate_vma_setup() alone: what is not there stays out.',
  },
  {
    id: 'fault-only',
    strategy: 'fault-only',
    title: 'fault only',
    about: 'hmm_range_fault() alone: the device reads the memory where it is.',
  },
  {
    id: 'legacy-2016',
    strategy: 'legacy-2016',
    title: 'the design of 2016',
    about: 'hmm_vma_migrate() as it was posted in 2016.',
  },
];

/** The text of the kernel that a run follows. */
export interface Text {
  readonly id: string;
  readonly title: string;
  readonly revision: Revision;
  readonly kernel?: Exclude<KernelVersion, 'v2'>;
}

/** Texts on offer: the series, and the kernels without it that were measured. */
export const TEXTS: readonly Text[] = [
  { id: 'v2', title: 'series v2', revision: 'v2' },
  { id: 'v7', title: 'series v7', revision: 'v7' },
  { id: 'fixed', title: 'series, mended', revision: 'fixed' },
  { id: 'base', title: 'v6.19 without it', revision: 'v2', kernel: 'base' },
  { id: 'k715', title: 'v7.1.5 without it', revision: 'v2', kernel: 'k715' },
];

/** True when a text has the code that a strategy needs. */
export function fits(strategy: Strategy, text: Text): boolean {
  return text.kernel === undefined || strategy !== 'unified';
}

/** The route of a spec, or undefined when its operations are of its own making. */
export function routeOf(spec: RunSpec): Route | undefined {
  const { operations, scenario, strategy } = spec;
  const same = (r: Route): boolean => JSON.stringify(r.operations?.(scenario)) === JSON.stringify(operations);
  return ROUTES.find((r) => r.strategy === strategy && same(r));
}

/** The text of a spec. */
export function textOf(spec: RunSpec): Text | undefined {
  const kernel = spec.kernel === 'v2' ? undefined : spec.kernel;
  return TEXTS.find((t) => t.kernel === kernel && (kernel !== undefined || t.revision === spec.revision));
}

/** The same scenario served by another route; a text without that route's code gives way to the series. */
export function withRoute(spec: RunSpec, route: Route): RunSpec {
  const { operations: _, kernel, ...rest } = spec;
  const operations = route.operations?.(spec.scenario);
  return {
    ...rest,
    strategy: route.strategy,
    ...(kernel === undefined || route.strategy === 'unified' ? {} : { kernel }),
    ...(operations === undefined ? {} : { operations }),
  };
}

/** The same run on another text of the kernel. */
export function withText(spec: RunSpec, text: Text): RunSpec {
  const { kernel: _, ...rest } = spec;
  return { ...rest, revision: text.revision, ...(text.kernel === undefined ? {} : { kernel: text.kernel }) };
}

/** The spec a scenario opens with. */
export function specOf(scenario: Scenario): RunSpec {
  return { scenario, strategy: 'unified', revision: 'v2' };
}
