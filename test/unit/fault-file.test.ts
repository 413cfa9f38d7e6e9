import { describe, expect, test } from 'vitest';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE, VM_FAULT_MAJOR } from '../../src/kernel/common/memory.ts';
import { VM_FAULT_LOCKED, VM_FAULT_NOPAGE } from '../../src/kernel/common/vm-fault.ts';
import { madvise_dontneed } from '../../src/kernel/common/zap.ts';
import { F } from '../../src/machine/layout.ts';
import { faultMemory, heldByActor } from '../support/fault-memory.ts';

const READ = FAULT_FLAG_REMOTE;
const WRITE = FAULT_FLAG_REMOTE | FAULT_FLAG_WRITE;
const SHARED = { kind: 'shmem', perms: 'rw-s' } as const;
const PRIVATE = { kind: 'shmem', perms: 'rw-p' } as const;
const page0 = { page: 0, count: 1, level: 'pte' as const, kind: 'present' as const, young: true };

describe('tmpfs', () => {
  test('a read of a missing page of a shared mapping maps it writable and clean', () => {
    const t = faultMemory({ vma: SHARED });
    expect([t.fault(0, READ), t.entry(0), t.folio(0)]).toEqual([VM_FAULT_LOCKED, 'present WY', 'ref 3 map 1']);
    expect([t.entry(1), t.events(), heldByActor(t.m)]).toEqual(['none', [], 0]);
  });

  test('a write maps it dirty and makes the page dirty', () => {
    const t = faultMemory({ vma: SHARED });
    expect([t.fault(0, WRITE), t.entry(0), t.folio(0)]).toEqual([VM_FAULT_LOCKED, 'present WYD', 'ref 3 map 1 D']);
  });

  test('a write to a private mapping copies the page of the file, silently if it was not mapped', () => {
    const t = faultMemory({ vma: PRIVATE });
    expect([t.fault(0, WRITE), t.entry(0), t.folio(0)]).toEqual([VM_FAULT_LOCKED, 'present WYD', 'ref 2 map 1 AX']);
    expect(t.events()).toEqual([]);
  });

  test('a mapped page of the file is copied under CLEAR', () => {
    const t = faultMemory({ vma: PRIVATE, entries: [{ ...page0, folio: { dirty: true, anon: false } }] });
    const file = t.folioId(0);
    expect([t.fault(0, WRITE), t.entry(0), t.folio(0)]).toEqual([0, 'present WYD', 'ref 2 map 1 AX']);
    expect([t.data(0), t.events()]).toEqual([0x1000, ['CLEAR [0, 1)']]);
    expect([t.m.f(file, F.REF), t.m.f(file, F.MAP)]).toEqual([1, 0]);
  });

  test('a read maps the neighbours that the cache has', () => {
    const t = faultMemory({
      vmas: [
        { start: 0, end: 4, perms: 'rw-s', kind: 'shmem' },
        { start: 4, end: 8, perms: 'r--s', kind: 'shmem' },
      ],
    });
    expect(t.fault(0, READ)).toBe(VM_FAULT_LOCKED);
    expect(t.fault(2, READ)).toBe(VM_FAULT_LOCKED);
    t.run(madvise_dontneed(t.k, t.mm, t.offset, t.offset + 4));
    expect([t.entry(0), t.entry(2)]).toEqual(['none', 'none']);
    expect(t.fault(2, READ)).toBe(VM_FAULT_NOPAGE);
    expect([t.entry(0), t.entry(1), t.entry(2)]).toEqual(['present WY', 'none', 'present WY']);
  });
});

describe('a file on a disk', () => {
  const DISK = { kind: 'file', perms: 'rw-s' } as const;

  test('a read is a major fault and maps the page read-only, the first write makes it writable in place', () => {
    const t = faultMemory({ vma: DISK });
    expect([t.fault(0, READ), t.entry(0)]).toEqual([VM_FAULT_LOCKED | VM_FAULT_MAJOR, 'present Y']);
    expect([t.fault(0, WRITE), t.entry(0), t.folio(0), t.events()]).toEqual([0, 'present WYD', 'ref 4 map 1 D', []]);
    expect(heldByActor(t.m)).toBe(0);
  });
});
