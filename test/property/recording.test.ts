import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../src/machine/journal.ts';
import { Machine } from '../../src/machine/machine.ts';
import { fingerprint } from '../../src/recording/hash.ts';
import { Recording } from '../../src/recording/recording.ts';
import { lastWriter, valueAt, writersOf } from '../../src/recording/writers.ts';

/*
 * The laws of a recording, over machines whose cells are written at random. The oracle is a plain copy of the state
 * after every step, which knows nothing of journals.
 */

/** One step: what it writes (bank, cell, value). */
type Writes = readonly (readonly [bank: number, cell: number, value: number])[];

/** Cells of every bank that the tests write; few, so that the same cell is written often. */
const CELLS = 12;

const steps = fc.array(fc.array(fc.tuple(fc.nat(20), fc.nat(CELLS - 1), fc.integer()), { maxLength: 6 }), {
  minLength: 1,
  maxLength: 60,
});

/** Runs the steps on a new machine and keeps a copy of the state before each and at the end. */
function record(run: readonly Writes[]): { rec: Recording; states: number[][][] } {
  const m = new Machine();
  m.startRecording();
  const states = [snapshot(m)];
  for (const [i, writes] of run.entries()) {
    m.step(i & 63, i, i, -i, 0);
    for (const [bank, cell, value] of writes) m.banks()[bank]?.set(cell, value);
    states.push(snapshot(m));
  }
  return { rec: new Recording(m, 'returned', ['one']), states };
}

function snapshot(m: Machine): number[][] {
  return m.banks().map((b) => Array.from(b?.cells.subarray(0, CELLS * 3) ?? []));
}

/** State at a step worked out from the first state and the journal alone. */
function replay(rec: Recording, first: readonly number[][], step: number): number[][] {
  const cells = first.map((bank) => [...bank]);
  const { loc, neu } = rec.machine.journal;
  for (let i = 0; i < (step < 0 ? 0 : rec.deltaEnd(step)); i++) {
    const l = loc[i] as number;
    (cells[l >>> LOC_BANK_SHIFT] as number[])[l & LOC_INDEX_MASK] = neu[i] as number;
  }
  return cells;
}

describe('a recording', () => {
  test('forward and then backward is the identity at every step', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const { rec, states } = record(run);
        for (let i = rec.length - 1; i >= -1; i--) {
          rec.seek(i);
          expect(snapshot(rec.machine)).toEqual(states[i + 1]);
        }
        for (let i = 0; i < rec.length; i++) {
          rec.seek(i);
          expect(snapshot(rec.machine)).toEqual(states[i + 1]);
          rec.seek(i - 1);
          expect(snapshot(rec.machine)).toEqual(states[i]);
          rec.seek(i);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('seeking somewhere and then to j equals seeking to j', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: -2, max: 70 }), { minLength: 1, maxLength: 20 }), (run, places) => {
        const { rec, states } = record(run);
        for (const place of places) rec.seek(place);
        const j = places.at(-1) as number;
        const direct = record(run).rec;
        direct.seek(j);
        expect(rec.position).toBe(direct.position);
        expect(snapshot(rec.machine)).toEqual(states[rec.position + 1]);
        expect(snapshot(direct.machine)).toEqual(states[rec.position + 1]);
      }),
    );
  });

  test('the state at a step is what a replay from scratch gives', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -1, max: 59 }), (run, at) => {
        const { rec, states } = record(run);
        const step = Math.min(at, rec.length - 1);
        expect(replay(rec, states[0] as number[][], step)).toEqual(states[step + 1]);
      }),
    );
  });

  test('the same input gives the same bytes', () => {
    fc.assert(
      fc.property(steps, (run) => {
        expect(fingerprint(record(run).rec)).toBe(fingerprint(record(run).rec));
      }),
    );
  });

  test('the history of a cell agrees with the states, from every position', () => {
    fc.assert(
      fc.property(
        steps,
        fc.nat(20),
        fc.nat(CELLS - 1),
        fc.integer({ min: -1, max: 59 }),
        (run, bank, cell, position) => {
          const { rec, states } = record(run);
          if (rec.machine.banks()[bank] === undefined) return;
          rec.seek(position);
          const at = (step: number): number => states[step + 1]?.[bank]?.[cell] as number;
          for (let i = -1; i < rec.length; i++) expect(valueAt(rec, bank, cell, i)).toBe(at(i));
          const key = ((bank << LOC_BANK_SHIFT) | cell) >>> 0;
          const writers = run.flatMap((_, i) =>
            rec.machine.journal.loc.subarray(rec.deltaBegin(i), rec.deltaEnd(i)).includes(key) ? [i] : [],
          );
          expect(writersOf(rec, bank, cell)).toEqual(writers);
          for (let i = -1; i < rec.length; i++)
            expect(lastWriter(rec, bank, cell, i)).toBe(writers.findLast((w) => w <= i) ?? -1);
        },
      ),
    );
  });

  test('each step knows its rows and each row its step', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const { rec } = record(run);
        for (let i = 0; i < rec.length; i++)
          for (let row = rec.deltaBegin(i); row < rec.deltaEnd(i); row++) expect(rec.stepOfRow(row)).toBe(i);
      }),
    );
  });
});
