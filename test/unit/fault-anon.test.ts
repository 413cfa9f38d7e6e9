import { describe, expect, test } from 'vitest';
import {
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_WRITE,
  VM_FAULT_HWPOISON,
  VM_FAULT_MAJOR,
  VM_FAULT_SIGSEGV,
} from '../../src/kernel/common/memory.ts';
import { F, MM, MM_STRIDE } from '../../src/machine/layout.ts';
import { PAGEVEC_SIZE } from '../../src/kernel/common/folio.ts';
import { faultMemory, heldByActor } from '../support/fault-memory.ts';

const READ = FAULT_FLAG_REMOTE;
const WRITE = FAULT_FLAG_REMOTE | FAULT_FLAG_WRITE;
const VMA = { flags: ['nohugepage'] as const };

const present = (more: object) => ({ page: 0, count: 1, level: 'pte' as const, kind: 'present' as const, ...more });

describe('first touch', () => {
  test('a read maps the zero page, young and special, without an event', () => {
    const t = faultMemory({ vma: VMA });
    expect(t.fault(3, READ)).toBe(0);
    expect(t.entry(3)).toBe('zero YS');
    expect([t.entry(2), t.events(), heldByActor(t.m)]).toEqual(['none', [], 0]);
  });

  test('a write maps a page of its own: exclusive, in the LRU batch, counted', () => {
    const t = faultMemory({ vma: VMA });
    expect(t.fault(3, WRITE)).toBe(0);
    expect([t.entry(3), t.folio(3), t.data(3)]).toEqual(['present WYD', 'ref 2 map 1 AX', 0]);
    expect(t.m.mm.get(t.mm * MM_STRIDE + MM.ANONPAGES)).toBe(1);
    expect(t.events()).toEqual([]);
  });

  test('the LRU batch is emptied when it is full', () => {
    const t = faultMemory({ pages: 40, vma: VMA });
    for (let page = 0; page < PAGEVEC_SIZE + 1; page++) t.fault(page, WRITE);
    expect(t.folio(0)).toBe('ref 1 map 1 RAX');
    expect(t.folio(PAGEVEC_SIZE)).toBe('ref 2 map 1 AX');
  });

  test('in a read-only VMA a write request of a device maps nothing writable', () => {
    const t = faultMemory({ vma: { ...VMA, perms: 'r--p' } });
    expect(t.fault(0, WRITE)).toBe(0);
    expect(t.entry(0)).toBe('present Y');
  });

  test('a mlocked VMA mlocks the new page', () => {
    const t = faultMemory({ vma: { flags: ['nohugepage', 'mlocked'] } });
    t.fault(0, WRITE);
    expect(t.folio(0)).toBe('ref 2 map 1 AXM');
  });
});

describe('a mapped page', () => {
  test('a read of what is mapped changes nothing, not even the young bit', () => {
    const t = faultMemory({ vma: VMA, entries: [present({ write: true, folio: { exclusive: true } })] });
    expect(t.fault(0, READ)).toBe(0);
    expect([t.entry(0), t.folio(0)]).toEqual(['present W', 'ref 1 map 1 RAX']);
  });

  test('a write to a writable clean page sets young and dirty', () => {
    const t = faultMemory({ vma: VMA, entries: [present({ write: true, folio: { exclusive: true } })] });
    expect(t.fault(0, WRITE)).toBe(0);
    expect(t.entry(0)).toBe('present WYD');
  });
});

describe('copy on write', () => {
  test('zero page: a new page under a CLEAR event of one page', () => {
    const t = faultMemory({ vma: VMA, entries: [{ page: 2, count: 1, level: 'pte', kind: 'zero', young: true }] });
    expect(t.fault(2, WRITE)).toBe(0);
    expect([t.entry(2), t.folio(2), t.events()]).toEqual(['present WYD', 'ref 2 map 1 AX', ['CLEAR [2, 3)']]);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('shared after fork: the contents are copied, the other process keeps the old page', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [present({ young: true, dirty: true, folio: { sharedBy: 1, exclusive: false } })],
    });
    const old = t.folioId(0);
    expect(t.folio(0)).toBe('ref 2 map 2 RA');
    expect(t.fault(0, WRITE)).toBe(0);
    expect([t.entry(0), t.folio(0), t.data(0)]).toEqual(['present WYD', 'ref 2 map 1 AX', 0x1000]);
    expect(t.folioId(0)).not.toBe(old);
    expect(t.entry(0, t.children[0])).toBe('present D');
    expect(t.events()).toEqual(['CLEAR [0, 1)']);
    expect([t.m.f(old, F.REF), t.m.f(old, F.MAP)]).toEqual([1, 1]);
  });

  test.each([
    ['exclusive', { exclusive: true }],
    ['not marked exclusive, but nobody else refers to it', { exclusive: false }],
  ])('%s: written in place, without an event', (_, folio) => {
    const t = faultMemory({ vma: VMA, entries: [present({ young: true, dirty: true, folio })] });
    const old = t.folioId(0);
    expect(t.fault(0, WRITE)).toBe(0);
    expect([t.entry(0), t.folioId(0), t.events()]).toEqual(['present WYD', old, []]);
    expect(t.folio(0)).toBe('ref 1 map 1 RAX');
  });

  test('a page somebody else refers to is copied even if it is mapped once', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [present({ young: true, folio: { exclusive: false, extraRefs: 1 } })],
    });
    const old = t.folioId(0);
    t.fault(0, WRITE);
    expect(t.folioId(0)).not.toBe(old);
    expect(t.m.f(old, F.REF)).toBe(1);
  });
});

describe('swap', () => {
  const swapped = { page: 1, count: 1, level: 'pte' as const, kind: 'swap' as const, data: 0x77 };

  test('a read brings the page back writable and clean, as a major fault', () => {
    const t = faultMemory({ vma: VMA, entries: [swapped] });
    expect(t.fault(1, READ)).toBe(VM_FAULT_MAJOR);
    expect([t.entry(1), t.folio(1), t.data(1)]).toEqual(['present WY', 'ref 2 map 1 AX', 0x77]);
    expect(t.events()).toEqual([]);
    expect(t.m.mm.get(t.mm * MM_STRIDE + MM.SWAPENTS)).toBe(0);
  });

  test('a write brings it back dirty', () => {
    const t = faultMemory({ vma: VMA, entries: [swapped] });
    expect(t.fault(1, WRITE)).toBe(VM_FAULT_MAJOR);
    expect([t.entry(1), t.folio(1)]).toEqual(['present WYD', 'ref 2 map 1 AX']);
  });

  test('in a read-only VMA it comes back read-only', () => {
    const t = faultMemory({ vma: { ...VMA, perms: 'r--p' }, entries: [swapped] });
    t.fault(1, READ);
    expect(t.entry(1)).toBe('present Y');
  });

  test('a slot that another process uses too leaves a copy in the swap cache, and a write copies again', () => {
    const t = faultMemory({ vma: VMA, entries: [{ ...swapped, slot: { sharedBy: 1, exclusive: false } }] });
    expect(t.fault(1, READ)).toBe(VM_FAULT_MAJOR);
    expect([t.entry(1), t.folio(1)]).toEqual(['present Y', 'ref 3 map 1 AC']);
    expect(t.fault(1, WRITE)).toBe(0);
    expect([t.entry(1), t.data(1), t.events()]).toEqual(['present WYD', 0x77, ['CLEAR [1, 2)']]);
    expect(heldByActor(t.m)).toBe(0);
  });
});

describe('entries without a page to map', () => {
  test.each([
    ['hwpoison', { kind: 'hwpoison' as const }, VM_FAULT_HWPOISON],
    ['poisoned marker', { kind: 'marker' as const, marker: 'poisoned' as const }, VM_FAULT_HWPOISON],
    ['guard page', { kind: 'marker' as const, marker: 'guard' as const }, VM_FAULT_SIGSEGV],
  ])('%s', (_, entry, ret) => {
    const t = faultMemory({ vma: VMA, entries: [{ page: 0, count: 1, level: 'pte', ...entry }] });
    expect(t.fault(0, READ)).toBe(ret);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('a userfaultfd marker nobody watches is cleared; the next fault fills the page', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ page: 0, count: 1, level: 'pte', kind: 'marker', marker: 'uffd-wp' }],
    });
    expect([t.fault(0, READ), t.entry(0)]).toEqual([0, 'none']);
    expect([t.fault(0, READ), t.entry(0)]).toEqual([0, 'zero YS']);
  });

  test('a device-exclusive page is given back under a CLEAR event', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ page: 0, count: 1, level: 'pte', kind: 'device-exclusive', write: true, folio: { exclusive: true } }],
    });
    expect(t.fault(0, WRITE)).toBe(0);
    expect(t.events()).toEqual(['CLEAR [0, 1)']);
    expect(t.entry(0)).toMatch(/^present W/);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('a PROTNONE page becomes accessible again', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [present({ protnone: true, young: true, folio: { exclusive: true } })],
    });
    expect(t.fault(0, READ)).toBe(0);
    expect(t.entry(0)).toBe('present WY');
  });

  test('a migration entry makes the fault wait for the folio lock', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ page: 0, count: 1, level: 'pte', kind: 'migration', migration: 'w' }],
    });
    expect(() => t.fault(0, READ)).toThrow('waits for ever');
  });
});
