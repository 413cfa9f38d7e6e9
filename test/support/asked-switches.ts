import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import type { RunSpec } from '../../src/scenario/types.ts';

/** Passes questions for switches on, and notes those that v2 would answer in another way. */
class NotingSet extends Set<string> {
  /** switches asked for whose answer is not v2's, with the step before which each was asked first */
  readonly asked = new Map<string, number>();
  kernel: Kernel | undefined;

  override has(id: string): boolean {
    const on = super.has(id);
    if (on && !this.asked.has(id)) this.asked.set(id, this.kernel?.m.log.length ?? 0);
    return on;
  }
}

export interface Asked {
  readonly rec: Recording;
  /** switch → step before which it was asked for the first time */
  readonly asked: ReadonlyMap<string, number>;
}

/** Runs a spec and tells which of its switches the path asked for. */
export function runAsking(spec: RunSpec): Asked {
  let noting = new NotingSet();
  const rec = runScenario(spec, ({ kernel }) => {
    noting = new NotingSet(kernel.fixes);
    noting.kernel = kernel;
    (kernel as { fixes: ReadonlySet<string> }).fixes = noting;
    return [];
  });
  return { rec, asked: noting.asked };
}
