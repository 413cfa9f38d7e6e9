import { describe, expect, test } from 'vitest';
import { EINVAL, ENOMEM } from '../../src/kernel/errno.ts';
import { madvise_dontneed } from '../../src/kernel/common/zap.ts';
import { F, MM, MM_STRIDE } from '../../src/machine/layout.ts';
import { own } from '../../src/scenario/ledger/case.ts';
import { type FaultMemory, faultMemory, heldByActor } from '../support/fault-memory.ts';

const dontneed = (t: FaultMemory, start: number, end: number): number =>
  t.run(madvise_dontneed(t.k, t.mm, start + t.offset, end + t.offset));
const VMA = { flags: ['nohugepage'] as const };
const THP = { page: 0, count: 512, level: 'pmd' as const, young: true, dirty: true, write: true };

describe('MADV_DONTNEED', () => {
  test('small pages: one CLEAR event over the range, pages freed, the table stays', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [own(0, 8)],
    });
    const f = t.folioId(3);
    expect(dontneed(t, 2, 6)).toBe(0);
    expect([1, 2, 5, 6].map((p) => t.entry(p))).toEqual(['present WYD', 'none', 'none', 'present WYD']);
    expect([t.m.f(f, F.LIVE), t.m.f(f, F.REF), t.m.f(f, F.MAP)]).toEqual([0, 0, 0]);
    expect(t.events()).toEqual(['CLEAR [2, 6)']);
    expect(t.m.mm.get(t.mm * MM_STRIDE + MM.ANONPAGES)).toBe(4);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('a whole huge page: the PMD is none afterwards', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'present', folio: { exclusive: true } }] });
    const f = t.folioId(0);
    expect([dontneed(t, 0, 512), t.entry(0), t.events()]).toEqual([0, 'none', ['CLEAR [0, 512)']]);
    expect(t.m.f(f, F.LIVE)).toBe(0);
  });

  test('a part of a huge page splits the PMD inside the event', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'present', folio: { exclusive: true } }] });
    const f = t.folioId(0);
    expect(dontneed(t, 2, 3)).toBe(0);
    expect(t.events()).toEqual(['CLEAR [2, 3)', 'CLEAR [0, 512)']);
    expect([t.entry(1), t.entry(2), t.entry(3)]).toEqual(['present WYD', 'none', 'present WYD']);
    expect([t.m.f(f, F.MAP), t.m.f(f, F.REF)]).toEqual([511, 511]);
  });

  test('a part of a huge page under migration splits the migration entry; its references stay', () => {
    const t = faultMemory({ pages: 512, entries: [{ ...THP, kind: 'migration', migration: 'w' }] });
    const before = t.folio(0);
    const f = t.folioId(0);
    expect(dontneed(t, 2, 3)).toBe(0);
    expect([t.entry(1), t.entry(2), t.entry(3)]).toEqual(['migration-write YD', 'none', 'migration-write YD']);
    expect([t.folio(0), t.folioId(3)]).toEqual([before, f]);
  });

  test('device memory, swap slots and zero pages', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [
        {
          page: 0,
          count: 1,
          level: 'pte',
          kind: 'device',
          write: true,
          folio: { memory: 'private', device: 0, exclusive: true },
        },
        { page: 1, count: 1, level: 'pte', kind: 'swap' },
        { page: 2, count: 1, level: 'pte', kind: 'zero', young: true },
        { page: 3, count: 1, level: 'pte', kind: 'marker', marker: 'guard' },
      ],
    });
    const f = t.folioId(0);
    expect(dontneed(t, 0, 8)).toBe(0);
    expect([0, 1, 2, 3].map((p) => t.entry(p))).toEqual(['none', 'none', 'none', 'marker']);
    expect(t.m.f(f, F.LIVE)).toBe(0);
    expect([MM.ANONPAGES, MM.SWAPENTS].map((c) => t.m.mm.get(t.mm * MM_STRIDE + c))).toEqual([0, 0]);
  });

  test('an emptied table goes when all of its 2 MiB were asked for', () => {
    const t = faultMemory({
      pages: 512,
      vma: VMA,
      entries: [{ page: 4, count: 4, level: 'pte', kind: 'present', folio: { exclusive: true } }],
    });
    dontneed(t, 0, 512);
    expect(t.entry(4)).toBe('none');
    expect(t.fault(4, 1)).toBe(0);
    expect(t.entry(4)).toBe('present WYD');
  });

  test('a locked VMA is refused, a gap is reported after the rest was done', () => {
    const locked = faultMemory({ vma: { flags: ['mlocked', 'nohugepage'] } });
    expect(dontneed(locked, 0, 8)).toBe(-EINVAL);
    const gap = faultMemory({
      vmas: [
        { start: 0, end: 2, perms: 'rw-p', kind: 'anon' },
        { start: 4, end: 8, perms: 'rw-p', kind: 'anon' },
      ],
      entries: [{ page: 5, count: 1, level: 'pte', kind: 'zero' }],
    });
    expect([dontneed(gap, 0, 8), gap.entry(5)]).toEqual([-ENOMEM, 'none']);
  });
});
