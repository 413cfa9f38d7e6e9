import { A, A_STRIDE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { OP } from '../machine/ops.ts';
import { hmmEncoding } from '../machine/words/hmm-pfn.ts';
import { MIGRATE_VMA_FAULT } from '../machine/words/migrate-pfn.ts';
import { cpu_access } from '../kernel/common/cpu-access.ts';
import { requestFault, requestFaultAndMigrate, requestMigrateVma } from '../kernel/drivers/requests.ts';
import { testHmmIoctl } from '../kernel/drivers/ioctls.ts';
import { WAYS_OF } from '../kernel/drivers/ways.ts';
import { sites } from '../kernel/functions.ts';
import { deviceMigrate2016 } from '../kernel/legacy/driver.ts';
import type { Kernel, Run } from '../kernel/kernel.ts';
import { Controlled } from '../kernel/controlled.ts';
import { type Actor, Scheduler } from '../kernel/scheduler.ts';
import { buildMachine } from '../scenario/build.ts';
import { kernelOf } from '../scenario/revision.ts';
import { operationsOf } from '../scenario/strategy.ts';
import type { Operation, RunSpec, ScenarioRival } from '../scenario/types.ts';
import { runProcessCall } from './process.ts';
import { Recording } from './recording.ts';
import { selectBits, walkRequest } from './request.ts';
import { rival } from './rival.ts';
import { ScheduledChoices } from './schedule.ts';

const U = sites('user_program', { begin: 'operation {a:int} begins', end: 'operation {a:int} is done: {b:errno}' });

/** Steps after which a run is cut off, so that no scenario can fill the memory. */
const BASE_STEPS = 1_000_000;
const MAX_STEPS_PER_PAGE = 256;

const stepLimit = (spec: RunSpec): number =>
  BASE_STEPS + MAX_STEPS_PER_PAGE * (spec.scenario.request.end - spec.scenario.request.start);

/** Rows to reserve per requested page: what a migrated page takes at most in one pass. */
const STEPS_PER_PAGE = 64;
const WRITES_PER_PAGE = 96;

/** A run in the making: the kernel with its machine, and where the scenario's pages lie in it. */
export interface Started {
  readonly kernel: Kernel;
  readonly mm: number;
  /** machine page = scenario page + offset */
  readonly offset: number;
}

/**
 * Builds the machine of a run and the kernel on it, with the revision's fix switches.
 * @param old a machine that nobody needs any more, to be used again
 */
export function startKernel(spec: RunSpec, old?: Machine): Started {
  const { machine, mm, offset } = buildMachine(spec.scenario, old);
  const rivals = spec.scenario.conditions?.rivals ?? [];
  machine.actorBank.ensure((rivals.length + 2) * A_STRIDE);
  for (let i = 0; i <= rivals.length; i++) machine.actorSet(i, A.MM, mm);
  machine.startRecording();
  const { start, end } = spec.scenario.request;
  machine.log.reserve(STEPS_PER_PAGE * (end - start));
  machine.journal.reserve(WRITES_PER_PAGE * (end - start));
  return { kernel: kernelFor(spec, machine), mm, offset };
}

/** The kernel of a run on a machine that is built already. */
export function kernelFor(spec: RunSpec, machine: Machine): Kernel {
  const rivals = spec.scenario.conditions?.rivals ?? [];
  const pausers = new Set<number>();
  // Under a schedule everybody may be left standing between setup and copy.
  const scheduled = spec.schedule !== undefined;
  if (scheduled ? rivals.length > 0 : rivals.some((r) => r.when === 'before-copy')) pausers.add(0);
  rivals.forEach((r, i) => {
    if (scheduled || r.holds === true) pausers.add(i + 1);
  });
  const { text, encoding, fixes } = kernelOf(spec);
  const driverName = spec.scenario.request.driver ?? 'test_hmm';
  return {
    m: machine,
    text,
    fixes,
    enc: hmmEncoding(encoding),
    config: {
      thp: spec.scenario.conditions?.thp ?? 'always',
      hugeZeroPage: true,
      softDirty: false,
      deviceMigration: spec.scenario.conditions?.without?.includes('DEVICE_MIGRATION') !== true,
      driver: new Set([...WAYS_OF[driverName], ...(spec.scenario.conditions?.driver ?? [])]),
      driverName,
    },
    concurrent: false,
    pausers,
    scheduled,
  };
}

/** Steps between two reports of progress: some 20 ms. */
const PROGRESS_STEPS = 1 << 18;

/**
 * Runs a scenario to its end and gives the recording. The same spec always gives the same bytes.
 * @param progress is told the number of steps so far, now and then
 * @throws {ScenarioError} when the scenario cannot be built.
 */
export function runScenario(
  spec: RunSpec,
  more: (s: Started) => readonly Actor[] = () => [],
  progress?: (steps: number) => void,
): Recording {
  const started = startKernel(spec);
  if (progress) started.kernel.m.log.onRows(PROGRESS_STEPS, progress);
  const actors = [...actorsOf(spec, started), ...more(started)];
  const names = actors.map((a) => a.name);
  const frame = { origin: started.offset, hmm: started.kernel.enc.id };
  const { kernel } = started;
  if (spec.schedule === undefined) {
    const end = new Scheduler(kernel, actors, stepLimit(spec)).run();
    return new Recording(kernel.m, end, names, frame);
  }
  const schedule = new ScheduledChoices(spec.schedule, kernel.m);
  const end = new Controlled(kernel, actors, stepLimit(spec), schedule.choose).run();
  return new Recording(kernel.m, end === 'stopped' ? 'limit' : end, names, { ...frame, choices: schedule.choices() });
}

/** The walker and its rivals, each at its beginning. */
export function actorsOf(spec: RunSpec, started: Started): Actor[] {
  return [walker(started, operationsOf(spec)), ...rivalsOf(spec).map((r) => rival(started, r, spec.scenario.request))];
}

const rivalsOf = (spec: RunSpec): readonly ScenarioRival[] => spec.scenario.conditions?.rivals ?? [];

function walker(s: Started, operations: readonly Operation[]): Actor {
  function* program(): Run<void> {
    let before: Outcome | undefined;
    for (const [n, op] of operations.entries()) {
      if (!isCalledFor(op, before)) {
        before = undefined;
        continue;
      }
      s.kernel.m.step(OP.USER, U.begin, n, 0, 0);
      before = yield* operate(s, op);
      s.kernel.m.step(OP.USER, U.end, n, before.ret, 0);
    }
  }
  return { name: 'walker', program: program(), cue: 'at-once', holds: false };
}

/** What an operation came to: its return value, and pages of a migration that setup did not collect. */
interface Outcome {
  readonly ret: number;
  readonly left: number;
}

/** True when the operation before calls for this one; a skipped operation calls for nothing. */
function isCalledFor(op: Operation, before: Outcome | undefined): boolean {
  if (op.when === undefined) return true;
  return before?.ret === 0 && (op.when === 'succeeded' || before.left > 0);
}

function* operate(s: Started, op: Operation): Run<Outcome> {
  const k = s.kernel;
  switch (op.call) {
    case 'hmm_range_fault': {
      const walk = walkRequest(k.enc, s, op.request, op.migrate);
      return op.migrate ? yield* requestFaultAndMigrate(k, walk, selectBits(op.request)) : yield* requestFault(k, walk);
    }
    case 'migrate_vma': {
      const r = op.request;
      return yield* requestMigrateVma(
        k,
        s.mm,
        r.start + s.offset,
        r.end + s.offset,
        r.device,
        selectBits(r) | (op.fault ? MIGRATE_VMA_FAULT : 0),
        op.ifIncomplete === 'abort' ? { write: r.write } : undefined,
      );
    }
    case 'hmm_vma_migrate': {
      const r = op.request;
      const back = !r.select.includes('SYSTEM') && r.select.some((s) => s.startsWith('DEVICE_'));
      return { ret: yield* deviceMigrate2016(k, s.mm, r.start + s.offset, r.end + s.offset, r.device, back), left: 0 };
    }
    case 'cpu':
      return { ret: yield* cpu_access(k, s.mm, op.page + s.offset, op.write), left: 0 };
    case 'ioctl':
      return {
        ret: (yield* testHmmIoctl(k, op.nr, s.mm, op.start + s.offset, op.end + s.offset, op.device)).ret,
        left: 0,
      };
    case 'strategy':
      throw new RangeError('operation strategy: operationsOf() puts the strategy’s calls in its place');
    default:
      return { ret: yield* runProcessCall(k, s.mm, s.offset, op), left: 0 };
  }
}
