import { expect, test } from 'vitest';
import { requestFault } from '../../src/kernel/drivers/requests.ts';
import { RANGE } from '../../src/kernel/structs.ts';
import { PUD_PAGES, entryPage, findEntry, setEntry } from '../../src/machine/page-table.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_PRESENT,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_USER,
  pmdLeafHi,
  pmdLeafLo,
} from '../../src/machine/words/pte.ts';
import { startKernel } from '../../src/recording/run.ts';
import { anon, sketch } from '../../src/scenario/library/make.ts';

const FRAME = 3 * PUD_PAGES;

/**
 * hmm_range_fault() over eight pages of a PUD-sized mapping, which no scenario can describe: the entry is written here.
 * Gives the return value, the words as [frame, flags], and the locks still held.
 */
function walk(kernel: 'base' | 'v2', write: boolean, ask: 'nothing' | 'fault' | 'write', perms = 'rw-p') {
  const scenario = sketch({
    id: 'pud',
    title: 'A PUD-sized mapping',
    about: '',
    look: [],
    source: [],
    tags: [],
    memory: 'N*8',
    pages: 8,
    vmas: [anon(0, 512, perms)],
    tables: [{ page: 0, level: 'pmd' }],
  });
  const { kernel: k, mm, offset } = startKernel({ scenario, strategy: 'fault-only', revision: 'v2', kernel });
  const pud = findEntry(k.m, mm, offset, 3);
  const bits = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_PSE | (write ? _PAGE_RW : 0);
  setEntry(k.m, pud, pmdLeafLo(FRAME, bits), pmdLeafHi(FRAME, 0, bits));
  const { enc } = k;
  const defaultFlags = ask === 'nothing' ? 0 : enc.VALID | (ask === 'write' ? enc.WRITE : 0);
  const run = requestFault(k, { mm, start: offset, end: offset + 8, device: 0, defaultFlags, pfnFlagsMask: 0 });
  const { done, value } = run.next();
  if (done !== true) throw new Error('the walk waits');
  const first = k.m.obj.get(value.range + RANGE.HMM_PFNS);
  const words = Array.from({ length: 8 }, (_, i) => [
    k.m.words.get((first + i) * 2),
    k.m.words.get((first + i) * 2 + 1),
  ]);
  return { ret: value.ret, words, enc, into: offset - entryPage(k.m, pud) };
}

test.each(['base', 'v2'] as const)('%s: a PUD-sized mapping is reported with order 18, page by page', (kernel) => {
  const { ret, words, enc, into } = walk(kernel, true, 'write');
  expect(ret).toBe(0);
  const flags = enc.VALID | enc.WRITE | enc.orderBits(18);
  expect(words).toEqual(Array.from({ length: 8 }, (_, i) => [FRAME + into + i, flags]));
});

test('a read-only one satisfies a read request', () => {
  const { ret, words, enc } = walk('base', false, 'fault');
  expect(ret).toBe(0);
  expect(words[0]?.[1]).toBe(enc.VALID | enc.orderBits(18));
});

test('a write request on it in a VMA without VM_WRITE is -EPERM, and nothing is reported', () => {
  const { ret, words } = walk('base', false, 'write', 'r--p');
  expect(ret).toBe(-1);
  expect(words[0]).toEqual([0, 0]);
});
