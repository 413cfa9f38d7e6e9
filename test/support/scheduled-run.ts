import { Controlled } from '../../src/kernel/controlled.ts';
import { Recording } from '../../src/recording/recording.ts';
import { actorsOf, startKernel } from '../../src/recording/run.ts';
import type { RunSpec } from '../../src/scenario/types.ts';
import { recount } from '../unit/scenario-recount.ts';
import { findingsOf, problemsAfter } from './fixed-run.ts';

const MOST_STEPS = 400_000;

/** Runs the actors of a spec with a schedule drawn from `seed`, and judges the end; empty when all is well. */
export function judgeScheduled(spec: RunSpec, seed: number): readonly string[] {
  const started = startKernel(spec);
  const { kernel } = started;
  const before = new Map(recount(kernel.m).residue);
  const actors = actorsOf(spec, started);
  const draw = drawer(seed);
  const changesOneIn = 2 + draw(12);
  const choose = (ready: number, current: number): number => {
    if (((ready >> current) & 1) !== 0 && draw(changesOneIn) > 0) return current;
    const able = actors.map((_, i) => i).filter((i) => ((ready >> i) & 1) !== 0);
    return able[draw(able.length)] as number;
  };
  const end = new Controlled(kernel, actors, MOST_STEPS, choose).run();
  const names = actors.map((a) => a.name);
  const frame = { origin: started.offset, hmm: kernel.enc.id };
  const rec = new Recording(kernel.m, end === 'stopped' ? 'limit' : end, names, frame);
  return end === 'returned' ? problemsAfter(rec, before) : [`ended: ${end}`, ...findingsOf(rec)];
}

/** Numbers below n, the same for the same seed. */
function drawer(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}
