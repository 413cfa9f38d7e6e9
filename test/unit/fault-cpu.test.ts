import { describe, expect, test } from 'vitest';
import { ACCESS_SIGBUS, ACCESS_SIGSEGV, cpu_access, read_first_word } from '../../src/kernel/common/cpu-access.ts';
import { F } from '../../src/machine/layout.ts';
import { OP } from '../../src/machine/ops.ts';
import { RULE } from '../../src/kernel/rules.ts';
import { type FaultMemory, faultMemory, heldByActor } from '../support/fault-memory.ts';

const VMA = { flags: ['nohugepage'] as const };
const access = (t: FaultMemory, page: number, write: boolean, value?: number): number =>
  t.run(cpu_access(t.k, t.mm, page + t.offset, write, value));
const word = (t: FaultMemory, page: number): number => t.run(read_first_word(t.k, t.mm, page + t.offset));
const own = { page: 0, count: 1, level: 'pte' as const, kind: 'device' as const, write: true, dirty: false };

describe('a CPU access', () => {
  test('sets young on a read, dirty on a write', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ page: 0, count: 2, level: 'pte', kind: 'present', write: true, folio: { exclusive: true } }],
    });
    access(t, 0, false);
    access(t, 1, true, 0xabcd);
    expect([t.entry(0), t.entry(1), word(t, 1)]).toEqual(['present WY', 'present WYD', 0xabcd]);
  });

  test('faults until the access is allowed', () => {
    const t = faultMemory({ vma: VMA, entries: [{ page: 0, count: 1, level: 'pte', kind: 'zero', young: true }] });
    expect([access(t, 0, true, 5), t.entry(0), word(t, 0)]).toEqual([0, 'present WYD', 5]);
    expect([word(t, 1), t.entry(1)]).toEqual([0, 'zero YS']);
    expect(heldByActor(t.m)).toBe(0);
  });

  test.each([
    ['no VMA', {}, 9, false, ACCESS_SIGSEGV],
    ['PROT_NONE', { vma: { ...VMA, perms: '---p' } }, 0, false, ACCESS_SIGSEGV],
    ['write to a read-only VMA', { vma: { ...VMA, perms: 'r--p' } }, 0, true, ACCESS_SIGSEGV],
    [
      'guard page',
      {
        vma: VMA,
        entries: [{ page: 0, count: 1, level: 'pte' as const, kind: 'marker' as const, marker: 'guard' as const }],
      },
      0,
      false,
      ACCESS_SIGSEGV,
    ],
    [
      'failed memory',
      { vma: VMA, entries: [{ page: 0, count: 1, level: 'pte' as const, kind: 'hwpoison' as const }] },
      0,
      false,
      ACCESS_SIGBUS,
    ],
  ])('%s', (_, spec, page, write, signal) => {
    expect(access(faultMemory(spec), page, write)).toBe(signal);
  });

  test('device memory comes home: writable, not dirty, then young by the access itself', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ ...own, folio: { memory: 'private', device: 0, exclusive: true, dirty: true } }],
    });
    const device = t.folioId(0);
    expect(word(t, 0)).toBe(0x1000);
    expect([t.entry(0), t.folio(0)]).toEqual(['present WY', 'ref 2 map 1 AXD']);
    expect(t.m.f(device, F.LIVE)).toBe(0);
    expect(t.events()).toEqual(['MIGRATE [0, 1)']);
    expect(heldByActor(t.m)).toBe(0);
  });

  test('a locked device page keeps the access waiting', () => {
    const t = faultMemory({ vma: VMA, entries: [{ ...own, folio: { memory: 'private', device: 0, locked: true } }] });
    expect(() => access(t, 0, false)).toThrow('waits for ever');
  });

  test('a migration entry whose folio is not locked: an endless loop is found', () => {
    const t = faultMemory({
      vma: VMA,
      entries: [{ page: 0, count: 1, level: 'pte', kind: 'migration', migration: 'r', folio: { locked: false } }],
    });
    expect(() => access(t, 0, false)).toThrow('waits for ever');
    const found = t.m.log.op.indexOf(OP.FINDING);
    expect(t.m.log.a[found]).toBe(RULE.LIVELOCK);
  });
});
