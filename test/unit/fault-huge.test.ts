import { describe, expect, test } from 'vitest';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE } from '../../src/kernel/common/memory.ts';
import { F } from '../../src/machine/layout.ts';
import { faultMemory, heldByActor } from '../support/fault-memory.ts';

const READ = FAULT_FLAG_REMOTE;
const WRITE = FAULT_FLAG_REMOTE | FAULT_FLAG_WRITE;
const THP = { page: 0, count: 512, level: 'pmd' as const, young: true };

describe('an empty 2 MiB', () => {
  test('a read maps the huge zero page', () => {
    const t = faultMemory({ pages: 512 });
    expect([t.fault(5, READ), t.entry(5), t.events()]).toEqual([0, 'huge-zero YS', []]);
    expect([t.fault(6, READ), t.entry(6)]).toEqual([0, 'huge-zero YS']);
  });

  test('a write maps a huge page, on the LRU list at once', () => {
    const t = faultMemory({ pages: 512 });
    expect([t.fault(5, WRITE), t.entry(0), t.folio(0)]).toEqual([0, 'huge WYD', 'ref 1 map 1 RAX']);
    expect(t.fault(6, WRITE)).toBe(0);
    expect(heldByActor(t.m)).toBe(0);
  });

  test.each([
    ['the VMA is too small', { pages: 511 }],
    ['the VMA is marked NOHUGEPAGE', { pages: 512, vma: { flags: ['nohugepage'] as const } }],
    ['THP only on request, none was made', { pages: 512, config: { thp: 'madvise' as const } }],
    ['THP off', { pages: 512, config: { thp: 'never' as const } }],
  ])('%s: small pages', (_, spec) => {
    const t = faultMemory(spec);
    t.fault(5, WRITE);
    expect([t.entry(5), t.entry(6)]).toEqual(['present WYD', 'none']);
  });
});

describe('a huge page', () => {
  test('the huge zero page is replaced on a write, under CLEAR of 2 MiB', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'zero' }] });
    expect(t.entry(0)).toBe('huge-zero YS');
    expect([t.fault(9, WRITE), t.entry(9), t.events()]).toEqual([0, 'huge WYD', ['CLEAR [0, 512)']]);
    expect(t.folio(0)).toBe('ref 1 map 1 RAX');
  });

  test('read-only but exclusive: writable in place, no event', () => {
    const t = faultMemory({
      pages: 512,
      entries: [{ ...THP, young: false, dirty: true, kind: 'present', folio: { exclusive: true } }],
    });
    expect([t.fault(1, READ), t.entry(1)]).toEqual([0, 'huge D']);
    expect([t.fault(1, WRITE), t.entry(1), t.events()]).toEqual([0, 'huge WYD', []]);
  });

  test('sole owner without the exclusive mark: writable in place, marked', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'present', folio: { exclusive: false } }] });
    expect([t.fault(1, WRITE), t.entry(1), t.folio(0)]).toEqual([0, 'huge WYD', 'ref 1 map 1 RAX']);
  });

  test('shared after fork: the PMD is split, then one page is copied', () => {
    const t = faultMemory({
      pages: 512,
      entries: [{ ...THP, dirty: true, kind: 'present', folio: { sharedBy: 1, exclusive: false } }],
    });
    const whole = t.folioId(0);
    expect(t.fault(7, WRITE)).toBe(0);
    expect(t.events()).toEqual(['CLEAR [0, 512)', 'CLEAR [7, 8)']);
    expect([t.entry(6), t.entry(7), t.entry(8)]).toEqual(['present YD', 'present WYD', 'present YD']);
    expect([t.folioId(6), t.folioId(8)]).toEqual([whole, whole]);
    expect(t.data(7)).toBe(0x1007);
    // 511 PTEs of this process, one PMD of the child
    expect([t.m.f(whole, F.MAP), t.m.f(whole, F.REF)]).toEqual([512, 512]);
    for (let page = 0; page < 512; page++) t.fault(page, WRITE);
    expect([t.m.f(whole, F.MAP), t.m.f(whole, F.REF)]).toEqual([1, 1]);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('PTE-mapped and not shared: written in place', () => {
    const t = faultMemory({
      pages: 512,
      entries: [
        {
          page: 0,
          count: 512,
          level: 'pte',
          kind: 'present',
          young: true,
          folio: { order: 9, name: 'T', exclusive: false },
        },
      ],
    });
    const whole = t.folioId(0);
    expect([t.fault(7, WRITE), t.entry(7), t.folioId(7), t.events()]).toEqual([0, 'present WYD', whole, []]);
  });

  test('PROTNONE: accessible again', () => {
    const t = faultMemory({
      pages: 512,
      entries: [{ ...THP, kind: 'present', protnone: true, folio: { exclusive: true } }],
    });
    expect([t.fault(0, READ), t.entry(0)]).toEqual([0, 'huge WY']);
  });

  test('under migration: waits', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'migration', migration: 'w' }] });
    expect(() => t.fault(0, READ)).toThrow('waits for ever');
  });
});

describe('hugetlb', () => {
  test('first touch takes a huge page; a write through a shared one copies under CLEAR', () => {
    const vma = { kind: 'hugetlb' as const };
    const t = faultMemory({ pages: 512, vma });
    expect([t.fault(3, WRITE), t.entry(3), t.folio(0)]).toEqual([0, 'huge WYD', 'ref 1 map 1 AX']);
    const shared = faultMemory({
      pages: 512,
      vma,
      entries: [{ ...THP, kind: 'present', folio: { sharedBy: 1, exclusive: false } }],
    });
    expect([shared.fault(3, WRITE), shared.entry(3), shared.data(3)]).toEqual([0, 'huge WYD', 0x1003]);
    expect(shared.events()).toEqual(['CLEAR [0, 512)']);
  });
});
