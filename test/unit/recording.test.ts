import { expect, test } from 'vitest';
import { BANK, F, F_STRIDE } from '../../src/machine/layout.ts';
import { Machine } from '../../src/machine/machine.ts';
import { OP } from '../../src/machine/ops.ts';
import { countersAt } from '../../src/recording/counters.ts';
import { fingerprint } from '../../src/recording/hash.ts';
import { locksHeld } from '../../src/recording/locks.ts';
import { stepLine } from '../../src/recording/narrate.ts';
import { Recording } from '../../src/recording/recording.ts';
import { fromTransfer, toTransfer } from '../../src/recording/transfer.ts';
import { lastWriter, valueAt, writersOf } from '../../src/recording/writers.ts';
import { smallRun, stepOf } from './recording-fixture.ts';

function cells(rec: ReturnType<typeof smallRun>['rec']): number[][] {
  return rec.machine.banks().map((b) => Array.from(b?.cells ?? []));
}

test('seeking is clamped to the recording', () => {
  const { rec } = smallRun();
  rec.seek(-7);
  expect(rec.position).toBe(-1);
  rec.seek(1e9);
  expect(rec.position).toBe(rec.length - 1);
});

test('the same run has the same fingerprint, another has another', () => {
  const one = smallRun().rec;
  const two = smallRun().rec;
  expect(fingerprint(one)).toBe(fingerprint(two));
  expect(fingerprint(one)).toMatch(/^[0-9a-f]{16}$/);
  const another = smallRun().rec;
  another.machine.log.c[3] = 99;
  expect(fingerprint(one)).not.toBe(fingerprint(another));
});

test('a recording that went through postMessage plays the same', () => {
  const { rec } = smallRun();
  rec.seek(5);
  const middle = cells(rec);
  rec.seek(rec.length - 1);
  const last = cells(rec);
  const print = fingerprint(rec);
  const { data, transferList } = toTransfer(rec);
  const there = fromTransfer(structuredClone(data, { transfer: transferList }));
  expect(fingerprint(there)).toBe(print);
  expect(there.length).toBe(rec.length);
  expect(there.actors).toEqual(['walker']);
  expect(there.origin).toBe(rec.origin);
  expect(there.machine.basePage).toBe(rec.machine.basePage);
  expect(cells(there)).toEqual(last);
  there.seek(5);
  expect(cells(there)).toEqual(middle);
  const again = smallRun().rec;
  expect(Array.from({ length: there.length }, (_, i) => stepLine(there, i))).toEqual(
    Array.from({ length: again.length }, (_, i) => stepLine(again, i)),
  );
  expect(countersAt(there, 20)).toEqual(countersAt(again, 20));
  expect(locksHeld(there, 20)).toEqual(locksHeld(again, 20));
  expect(rec.machine.folio.cells.length).toBe(0);
});

test('who wrote a word, and what it held when', () => {
  const { rec, small } = smallRun();
  const ref = small * F_STRIDE + F.REF;
  const get = stepOf(rec, OP.FOLIO_GET);
  const put = stepOf(rec, OP.FOLIO_PUT);
  expect(writersOf(rec, BANK.FOLIO, ref)).toEqual([get, put]);
  for (const position of [-1, get, rec.length - 1]) {
    rec.seek(position);
    expect(lastWriter(rec, BANK.FOLIO, ref, get - 1)).toBe(-1);
    expect(lastWriter(rec, BANK.FOLIO, ref, put - 1)).toBe(get);
    expect(lastWriter(rec, BANK.FOLIO, ref, rec.length - 1)).toBe(put);
    expect([-1, get - 1, get, put - 1, put, rec.length - 1].map((s) => valueAt(rec, BANK.FOLIO, ref, s))).toEqual([
      1, 1, 2, 2, 1, 1,
    ]);
    expect(rec.position).toBe(position);
  }
});

test('the history of a cell in a long recording', () => {
  const m = new Machine();
  m.startRecording();
  const steps = 50_000;
  // Cell 1 is written by every seventh step, cell 2 only by step 40000, cell 3 by none.
  for (let i = 0; i < steps; i++) {
    m.step(OP.AT, 0, i, 0, 0);
    m.ints.set(0, i + 1);
    if (i % 7 === 0) m.ints.set(1, i + 1);
    if (i === 40_000) m.ints.set(2, 5);
  }
  const rec = new Recording(m, 'returned', ['one']);
  const { INTS } = BANK;
  for (const position of [steps - 1, 0, 25_000, -1]) {
    rec.seek(position);
    expect(lastWriter(rec, INTS, 1, 30_000)).toBe(29_995);
    expect(lastWriter(rec, INTS, 2, 39_999)).toBe(-1);
    expect(lastWriter(rec, INTS, 2, steps - 1)).toBe(40_000);
    expect(lastWriter(rec, INTS, 3, steps - 1)).toBe(-1);
    for (const step of [-1, 0, 6, 7, 20_000, steps - 1]) {
      expect(valueAt(rec, INTS, 0, step)).toBe(step + 1);
      expect(valueAt(rec, INTS, 1, step)).toBe(step < 0 ? 0 : step - (step % 7) + 1);
      expect(valueAt(rec, INTS, 2, step)).toBe(step >= 40_000 ? 5 : 0);
      expect(valueAt(rec, INTS, 3, step)).toBe(0);
    }
  }
  expect(writersOf(rec, INTS, 1)).toHaveLength(Math.ceil(steps / 7));
});
