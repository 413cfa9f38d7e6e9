import type { Recording } from '../../src/recording/recording.ts';
import { changesOf } from '../../src/recording/changes.ts';
import { countersAt } from '../../src/recording/counters.ts';
import { locksHeld } from '../../src/recording/locks.ts';
import { stepLine } from '../../src/recording/narrate.ts';
import { stackAt } from '../../src/recording/stack.ts';
import { type Row, interleaved, median, quantile, random, time } from './measure.ts';
import { recordingOf } from './runs.ts';

const SIZES = [
  ['1e3', 1e3],
  ['1e4', 1e4],
  ['1e5', 1e5],
  ['1e6', 1e6],
] as const;

/** Seeks to random steps in recordings of 1e3 to 1e6 steps, single steps in both directions, and questions at a step. */
export function seekRows(): Row[] {
  const rows: Row[] = [];
  for (const [name, steps] of SIZES) {
    const rec = recordingOf(steps);
    const ms = randomSeeks(rec);
    rows.push(
      { name: `seek.p50_ms@${name}`, value: median(ms), unit: 'ms' },
      { name: `seek.p95_ms@${name}`, value: quantile(ms, 0.95), unit: 'ms' },
    );
    if (steps === 1e6)
      rows.push({ name: 'step_back_over_forward', value: backOverForward(rec), unit: 'x' }, ...questionRows(rec));
  }
  return rows;
}

function randomSeeks(rec: Recording): number[] {
  const next = random(1);
  rec.seek(-1);
  rec.seek(rec.length - 1);
  return Array.from({ length: 300 }, () => {
    const to = next() % rec.length;
    return time(() => rec.seek(to));
  });
}

/** Walks a stretch step by step, forward and backward in turn; the ratio of the medians. */
function backOverForward(rec: Recording): number {
  const from = Math.floor(rec.length / 4);
  const to = from + Math.floor(rec.length / 2);
  rec.seek(from);
  const forward = (): void => {
    for (let i = from; i <= to; i++) rec.seek(i);
  };
  const backward = (): void => {
    for (let i = to; i >= from; i--) rec.seek(i);
  };
  interleaved(2, [forward, backward]);
  const [ahead, back] = interleaved(15, [forward, backward]).map(median) as [number, number];
  return back / ahead;
}

/** What a page asks at every step: the line, the changes, the locks, the stack, the counters. */
function questionRows(rec: Recording): Row[] {
  const next = random(2);
  const first = time(() => {
    countersAt(rec, 0);
    locksHeld(rec, 0, 1);
    stackAt(rec, 0);
    stepLine(rec, 0);
  });
  const ms = Array.from({ length: 300 }, () => {
    const step = next() % rec.length;
    rec.seek(step);
    return time(() => {
      stepLine(rec, step);
      changesOf(rec, step, 50);
      locksHeld(rec, step, 50);
      stackAt(rec, step);
      countersAt(rec, step);
    });
  });
  return [
    { name: 'ask.first_ms@1e6', value: first, unit: 'ms' },
    { name: 'ask.p50_ms@1e6', value: median(ms), unit: 'ms' },
    { name: 'ask.p95_ms@1e6', value: quantile(ms, 0.95), unit: 'ms' },
  ];
}
