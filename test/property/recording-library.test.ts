import { expect, test } from 'vitest';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../src/machine/journal.ts';
import { A, A_STRIDE, F, F_STRIDE, T, T_STRIDE } from '../../src/machine/layout.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { allSites } from '../../src/machine/sites.ts';
import { changesOf } from '../../src/recording/changes.ts';
import { fingerprint } from '../../src/recording/hash.ts';
import { lockIntervals, locksHeld } from '../../src/recording/locks.ts';
import { stepLine, stepSentence } from '../../src/recording/narrate.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { callSpans, spanAt } from '../../src/recording/spans.ts';
import { stackAt, structsAt } from '../../src/recording/stack.ts';
import { siteTemplate } from '../../src/recording/template.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';

/*
 * The laws of a recording over real runs: every scenario that ships and is small enough to be looked at step by step.
 */

const SMALL = LIBRARY.filter((s) => s.request.end - s.request.start <= 2048);

function run(scenario: Scenario): Recording {
  return runScenario({ scenario, strategy: 'unified', revision: 'v2' });
}

function snapshot(m: Machine): Int32Array[] {
  return m.banks().flatMap((b) => (b ? [b.cells.slice()] : []));
}

/** First cell that differs, in words; undefined when all are equal. (toEqual takes seconds for so many cells.) */
function difference(a: readonly Int32Array[], b: readonly Int32Array[]): string | undefined {
  for (const [bank, cells] of a.entries()) {
    const other = b[bank] as Int32Array;
    if (cells.length !== other.length) return `bank ${bank}: ${cells.length} and ${other.length} cells`;
    for (let i = 0; i < cells.length; i++)
      if (cells[i] !== other[i]) return `bank ${bank} cell ${i}: ${cells[i]} and ${other[i]}`;
  }
  return undefined;
}

/** Steps to look at: both ends and a spread of others. */
function places(rec: Recording, count: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => Math.round((i * (rec.length - 1)) / count));
}

/** The state at a step, replayed from a copy of the first state and the journal. */
function replay(rec: Recording, first: Int32Array[], ids: readonly number[], step: number): Int32Array[] {
  const cells = first.map((c) => c.slice());
  const { loc, neu } = rec.machine.journal;
  for (let i = 0; i < rec.deltaEnd(step); i++) {
    const l = loc[i] as number;
    (cells[ids.indexOf(l >>> LOC_BANK_SHIFT)] as Int32Array)[l & LOC_INDEX_MASK] = neu[i] as number;
  }
  return cells;
}

test.each(SMALL.map((s) => [s.id, s] as const))('%s plays the same in both directions', (_, scenario) => {
  const rec = run(scenario);
  expect(rec.length).toBeGreaterThan(0);
  expect(fingerprint(rec)).toBe(fingerprint(run(scenario)));
  const last = snapshot(rec.machine);
  rec.seek(-1);
  const first = snapshot(rec.machine);
  const ids = rec.machine.banks().flatMap((b, id) => (b ? [id] : []));
  for (const step of places(rec, 6)) {
    rec.seek(step);
    const here = snapshot(rec.machine);
    expect(difference(here, replay(rec, first, ids, step))).toBeUndefined();
    rec.seek(rec.length - 1);
    expect(difference(snapshot(rec.machine), last)).toBeUndefined();
    rec.seek(step);
    expect(difference(snapshot(rec.machine), here)).toBeUndefined();
    rec.seek(-1);
    expect(difference(snapshot(rec.machine), first)).toBeUndefined();
  }
});

test.each(SMALL.map((s) => [s.id, s] as const))('%s: what is said of a step agrees with the state', (_, scenario) => {
  const rec = run(scenario);
  const { machine } = rec;
  for (const step of places(rec, 40)) {
    rec.seek(step);
    // The locks told from the journal are those that the machine holds.
    const held = locksHeld(rec, step);
    const tables = held.filter((l) => l.kind === 'pmd' || l.kind === 'pte').map((l) => l.id * T_STRIDE + T.LOCK);
    for (let cell = T.LOCK; cell < machine.table.cells.length; cell += T_STRIDE)
      expect(machine.table.get(cell) !== 0).toBe(tables.includes(cell));
    const folios = new Set(held.filter((l) => l.kind === 'folio').map((l) => l.id));
    for (let f = 0; f * F_STRIDE < machine.folio.cells.length; f++) {
      if ((machine.folio.get(f * F_STRIDE + F.LOCKER) !== 0) !== folios.has(f))
        expect.fail(`folio ${f} at step ${step}`);
    }
    for (let actor = 0; actor < rec.actors.length; actor++) {
      const depth = held.filter((l) => l.kind === 'rcu' && l.actor === actor).length;
      expect(depth).toBe(Math.max(0, machine.actorBank.get(actor * A_STRIDE + A.RCU)));
    }
    // The stack is as deep as the log says.
    const actor = machine.log.actor[step] as number;
    const stack = stackAt(rec, step);
    expect(stack.length).toBe(stack.at(-1)?.depth ?? 0);
    expect(spanAt(callSpans(rec), step, actor)).toBe(stack.at(-1)?.span ?? -1);
    structsAt(rec, step);
    for (const change of changesOf(rec, step, 50)) {
      const value = machine.banks()[change.bank]?.cells[change.index];
      expect(value).toBe(change.neu);
    }
  }
  expect(lockIntervals(rec).to.every((to, i) => to >= (lockIntervals(rec).from[i] as number))).toBe(true);
});

test('every step of the library reads well at both depths', () => {
  for (const scenario of SMALL) {
    const rec = run(scenario);
    const bad: string[] = [];
    const stride = Math.max(1, Math.floor(rec.length / 3000));
    for (let step = 0; step < rec.length; step += stride) {
      const texts = [stepLine(rec, step), stepSentence(rec, step, 'student')];
      for (const text of texts)
        if (text === '' || /undefined|NaN|\{|no folio|page -?\d{7}/.test(text))
          bad.push(`${scenario.id} ${step}: ${text}`);
    }
    expect(bad.slice(0, 5)).toEqual([]);
  }
});

test('every site names only formats that exist', () => {
  for (const { id, fn, label } of allSites()) expect(() => siteTemplate(id), `${fn}:${label}`).not.toThrow();
});
