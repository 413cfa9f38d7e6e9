import type { Operation, RunSpec, Scenario } from '../scenario/types.ts';

/** A way to serve a scenario's request that the engine models now. */
export interface Route {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** undefined = what the strategy itself does */
  operations(scenario: Scenario): readonly Operation[] | undefined;
}

/** Entry points of the unified walk; the first is the scenario's own. */
export const ROUTES: readonly Route[] = [
  {
    id: 'device-fault',
    title: 'Device fault: hmm_range_fault() with migrate',
    about: 'The device faults: one walk faults pages in and prepares them for migration, under an interval notifier.',
    operations: () => undefined,
  },
  {
    id: 'setup-fault',
    title: 'migrate_vma_setup() with MIGRATE_VMA_FAULT',
    about: 'A migration without a notifier whose walk may also fault pages in.',
    operations: (s) => [{ call: 'migrate_vma', fault: true, request: s.request }],
  },
  {
    id: 'setup',
    title: 'migrate_vma_setup() without fault',
    about: 'A migration of what is there: nothing is faulted in.',
    operations: (s) => [{ call: 'migrate_vma', fault: false, request: s.request }],
  },
];

/** Revisions of the series that the engine models now. */
export const REVISIONS_NOW = ['v2'] as const;

/** The route of a spec, or undefined when its operations are of its own making. */
export function routeOf(spec: RunSpec): Route | undefined {
  const ops = spec.operations;
  if (ops === undefined) return ROUTES[0];
  const only = ops.length === 1 ? ops[0] : undefined;
  if (only?.call !== 'migrate_vma') return undefined;
  return only.fault ? ROUTES[1] : ROUTES[2];
}

/** The same scenario served by another route. */
export function withRoute(spec: RunSpec, route: Route): RunSpec {
  const operations = route.operations(spec.scenario);
  const { operations: _, ...rest } = spec;
  return operations === undefined ? rest : { ...rest, operations };
}

/** The spec a scenario opens with. */
export function specOf(scenario: Scenario): RunSpec {
  return { scenario, strategy: 'unified', revision: 'v2' };
}
