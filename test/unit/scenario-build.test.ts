import { describe, expect, test } from 'vitest';
import { D, D_STRIDE, EXTERNAL_ACTOR, F, G, P, PG, SW, SW_STRIDE, V, V_STRIDE } from '../../src/machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../src/machine/page-table.ts';
import { hex } from '../../src/machine/words/word.ts';
import { type Built, buildMachine } from '../../src/scenario/build.ts';
import { memory } from '../../src/scenario/notation.ts';
import type { Scenario, ScenarioEntry, ScenarioVma } from '../../src/scenario/types.ts';
import { recount } from './scenario-recount.ts';

const ANON: ScenarioVma = { start: 0, end: 8, perms: 'rw-p', kind: 'anon' };

/** A scenario over a line of memory words, with one VMA around it. */
function scenario(line: string | readonly ScenarioEntry[], more: Partial<Scenario> = {}): Scenario {
  const entries = typeof line === 'string' ? memory(line) : line;
  const end = Math.max(8, ...entries.map((e) => e.page + e.count));
  return {
    format: 'walkscope-scenario',
    version: 1,
    id: 'test',
    title: 'test',
    base: '0x200000000',
    vmas: [{ ...ANON, end }],
    entries,
    request: { start: 0, end: 8, fault: true, write: false, select: ['SYSTEM'], device: 0 },
    ...more,
  };
}

function built(line: string | readonly ScenarioEntry[], more: Partial<Scenario> = {}): Built {
  const result = buildMachine(scenario(line, more));
  expect(recount(result.machine).problems).toEqual([]);
  return result;
}

const pte = (b: Built, page: number, mm = 1): string => {
  const e = findEntry(b.machine, mm, page + b.offset, 1);
  return e === 0 ? 'no table' : hex(entryLo(b.machine, e), entryHi(b.machine, e));
};

/** Folio behind a page of the process, through its present entry. */
function folioAt(b: Built, page: number): number {
  const found = recount(b.machine).entries.find(
    (e) => e.mm === 1 && e.page <= page + b.offset && page + b.offset < e.page + (e.level === 'pmd' ? 512 : 1),
  );
  return found === undefined ? 0 : b.machine.folioOf(found.pfn);
}

/** Reference count, mapcount and flags of the folio behind a page, as in the measurements. */
function folio(b: Built, page: number): string {
  const f = folioAt(b, page);
  const flags = b.machine.f(f, F.FLAGS);
  const names: [number, string][] = [
    [PG.LOCKED, 'L'],
    [PG.LRU, 'R'],
    [PG.ANON, 'A'],
    [PG.DIRTY, 'D'],
    [PG.MLOCKED, 'M'],
    [PG.BATCH, 'B'],
  ];
  const letters = names.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter);
  return `ref ${b.machine.f(f, F.REF)} map ${b.machine.f(f, F.MAP)} ${letters.join('')}`;
}

describe('reference counts and mapcounts are those of the measured machines', () => {
  test.each([
    ['an exclusive page', 'P', 'ref 1 map 1 RA'],
    ['shared after fork', 'C', 'ref 2 map 2 RA'],
    ['pinned by GUP', 'G', 'ref 1025 map 1 RA'],
    ['held by vmsplice', 'V', 'ref 2 map 1 RA'],
    ['locked', 'L', 'ref 1 map 1 LRA'],
    ['on the device', 'D', 'ref 1 map 1 AD'],
    ['device-coherent', 'H', 'ref 1 map 1 AD'],
    ['under migration', 'M', 'ref 1 map 0 LA'],
    ['a THP', 'T', 'ref 1 map 1 RA'],
    ['a THP shared after fork', 'TC', 'ref 2 map 2 RA'],
    ['a pinned THP', 'TG', 'ref 2 map 1 RA'],
    ['a THP mapped by PTEs', 'TP', 'ref 512 map 512 RAD'],
    ['the same, pinned', 'TQ', 'ref 513 map 512 RAD'],
    ['a device THP', 'TD', 'ref 1 map 1 AD'],
  ])('%s', (_, line, expected) => expect(folio(built(line), 0)).toBe(expected));

  test('a page of tmpfs has the cache’s reference, a page of ext2 that of its buffers too', () => {
    const shared = { start: 0, end: 8, perms: 'rw-s' } as const;
    expect(folio(built('F*8', { vmas: [{ ...shared, kind: 'shmem' }] }), 3)).toBe('ref 2 map 1 RD');
    expect(folio(built('F*8', { vmas: [{ ...shared, kind: 'file' }] }), 3)).toBe('ref 3 map 1 RD');
  });

  test('a page in the LRU batch has the batch’s reference, and a full batch drains', () => {
    const entry: ScenarioEntry = { page: 0, count: 32, level: 'pte', kind: 'present', folio: { lru: 'batch' } };
    const b = built([entry]);
    expect(folio(b, 0)).toBe('ref 1 map 1 RA');
    expect(folio(b, 31)).toBe('ref 2 map 1 AB');
  });

  test('a page in the swap cache', () => {
    const entry: ScenarioEntry = { page: 0, count: 1, level: 'pte', kind: 'swap', folio: {}, slot: { sharedBy: 1 } };
    const b = built([entry]);
    const f = b.machine.swap.get(SW_STRIDE + SW.FOLIO);
    expect(b.machine.swap.get(SW_STRIDE + SW.COUNT)).toBe(2);
    expect([b.machine.f(f, F.REF), b.machine.f(f, F.MAP), b.machine.f(f, F.SWAP)]).toEqual([1, 0, 2]);
  });
});

describe('a large folio that the scenario names in part', () => {
  test('is mapped as far as its VMA goes', () => {
    const entry: ScenarioEntry = {
      page: 0,
      count: 8,
      level: 'pte',
      kind: 'present',
      write: true,
      folioPage: 100,
      folio: { order: 9, exclusive: true, pins: 1 },
    };
    const b = built([entry], { base: '0x200064000', vmas: [{ ...ANON, start: -100, end: 412 }] });
    expect(folio(b, 0)).toBe('ref 513 map 512 RA');
    expect(pte(b, -100)).toBe(hex(0x00400007, 0x80000000 | 0));
    const half = built([entry], { base: '0x200064000', vmas: [{ ...ANON, start: -10, end: 100 }] });
    expect(folio(half, 0)).toBe('ref 111 map 110 RA');
  });

  test('leaves alone what another stretch names', () => {
    const large = { order: 9, exclusive: true, name: 'T' } as const;
    const b = built(
      [
        { page: 0, count: 5, level: 'pte', kind: 'present', write: true, folio: large },
        { page: 5, count: 1, level: 'pte', kind: 'none' },
        { page: 6, count: 2, level: 'pte', kind: 'present', folioPage: 6, folio: large },
      ],
      { vmas: [{ ...ANON, end: 512 }] },
    );
    expect(folio(b, 0)).toBe('ref 511 map 511 RA');
    expect(pte(b, 5)).toBe('0x0000000000000000');
  });

  test('a PMD entry maps its whole area although the stretch has eight pages', () => {
    const entry: ScenarioEntry = {
      page: 0,
      count: 8,
      level: 'pmd',
      kind: 'device',
      write: true,
      folio: { exclusive: true },
    };
    const b = built([entry], { base: '0x200064000', vmas: [{ ...ANON, start: -100, end: 412 }] });
    expect(recount(b.machine).entries).toMatchObject([{ page: -100 + b.offset, level: 'pmd', kind: 'device' }]);
    const backing = b.machine.f(folioAt(b, 0), F.BACKING);
    expect(b.machine.pageGet(backing + 100, P.DATA)).toBe(0x1000);
  });
});

describe('words', () => {
  test('are those of the hardware', () => {
    const b = built('P R Z D K N S');
    expect(pte(b, 0)).toMatch(/^0x8000000000...067$/);
    expect(pte(b, 1)).toMatch(/^0x8400000000...025$/); // dirty and read-only: SAVED_DIRTY
    expect(pte(b, 2)).toBe('0x8000000000001225'); // special
    expect(pte(b, 3)).toBe(hex(~(1 << 24) << 9, (28 << 27) | (0x07ffffff & ~((1 << 24) >>> 23))));
    expect(pte(b, 4)).toBe('0xfffffffffffff600'); // PTE_MARKER_GUARD
    expect(pte(b, 5)).toBe('0x0000000000000000');
    expect(pte(b, 6)).toBe('0x07fffffffffffc08'); // slot 1, exclusive
  });

  test('in a VMA without permissions are PROTNONE with an inverted frame', () => {
    expect(pte(built('R', { vmas: [{ ...ANON, perms: '---p' }] }), 0)).toMatch(
      /^0x040fffffff....20$|^0x040ffffffffff...$/,
    );
  });

  test('are executable in an executable VMA', () => {
    expect(pte(built('P', { vmas: [{ ...ANON, perms: 'rwxp' }] }), 0)).toMatch(/^0x0000000000...067$/);
  });

  test('of a child are old', () => {
    const b = built('C');
    expect(pte(b, 0).at(-2)).toBe('2');
    expect(pte(b, 0, b.children[0])).toMatch(/005$/);
  });
});

describe('place', () => {
  test.each([
    ['0x200000000', 0, 0x200000, 0],
    ['0x7f0000000000', 0, 0x7f0000000000 / 4096 - Math.floor(0x7f0000000000 / 2 ** 39) * 2 ** 27, 254 * 2 ** 27],
    ['0x8000000000', -8, 2 ** 27, 0],
  ])('page 0 at %s, first page %i', (base, start, offset, basePage) => {
    const b = built('N', { base, vmas: [{ ...ANON, start }] });
    expect([b.offset, b.machine.basePage]).toEqual([offset, basePage]);
  });
});

describe('tables', () => {
  test('exist only where entries or the scenario ask for them', () => {
    const none = built([]);
    expect(findEntry(none.machine, 1, none.offset, 2)).toBe(0);
    const pmd = built([], { tables: [{ page: 3, level: 'pmd' }] });
    expect(findEntry(pmd.machine, 1, pmd.offset, 2)).not.toBe(0);
    expect(pte(pmd, 0)).toBe('no table');
    expect(pte(built([], { tables: [{ page: 3, level: 'pte' }] }), 0)).toBe('0x0000000000000000');
    expect(pte(built('N'), 0)).toBe('0x0000000000000000');
    expect(pte(built('TN'), 0)).toBe('no table');
  });
});

describe('VMAs', () => {
  const anonVma = (b: Built, v: number): number => b.machine.vma.get(v * V_STRIDE + V.ANON_VMA);

  test('that touch share an anon_vma if any of them has pages; others have their own', () => {
    const vmas = [ANON, { ...ANON, start: 8, end: 16, perms: 'r--p' }, { ...ANON, start: 20, end: 24 }];
    const b = built([...memory('P'), ...memory('P', 20)], { vmas });
    expect([anonVma(b, 1), anonVma(b, 2), anonVma(b, 3)]).toEqual([1, 1, 2]);
    expect(anonVma(built('Z*8'), 1)).toBe(0);
    expect(anonVma(built('S*8'), 1)).toBe(1);
  });

  test('of one file that touch continue its offsets', () => {
    const file = { ...ANON, perms: 'rw-s', kind: 'shmem' } as const;
    const b = built([...memory('F*4'), ...memory('F*8', 4)], {
      vmas: [
        { ...file, end: 4 },
        { ...file, start: 4, end: 12, perms: 'rwxs' },
      ],
    });
    const [first, second] = [V_STRIDE, 2 * V_STRIDE];
    expect(b.machine.vma.get(second + V.FILE)).toBe(b.machine.vma.get(first + V.FILE));
    expect(b.machine.vma.get(second + V.PGOFF)).toBe(4);
  });

  test('a private file mapping has cache pages and anonymous copies', () => {
    const b = built('R*2 P*2', {
      entries: [
        { page: 0, count: 2, level: 'pte', kind: 'present', young: true },
        { page: 2, count: 2, level: 'pte', kind: 'present', write: true, folio: { exclusive: true } },
      ],
      vmas: [{ ...ANON, kind: 'file' }],
    });
    expect(folio(b, 0)).toBe('ref 3 map 1 R');
    expect(folio(b, 2)).toBe('ref 1 map 1 RA');
  });

  test('are copied into each child', () => {
    const b = built([{ page: 0, count: 4, level: 'pte', kind: 'present', folio: { sharedBy: 3 } }]);
    expect(b.children).toEqual([2, 3, 4]);
    expect(b.machine.scalar.get(G.VMAS)).toBe(5);
    expect(folio(b, 0)).toBe('ref 4 map 4 RA');
  });
});

describe('devices', () => {
  const device = (b: Built, d: number, field: number): number => b.machine.device.get(d * D_STRIDE + field);
  const mirrored = (b: Built, d: number): number[] => {
    const dpt = device(b, d, D.DPT);
    return Array.from({ length: device(b, d, D.WINDOW_PAGES) }, (_, i) => b.machine.ints.get(dpt + i));
  };

  test('mirror their own pages through the memory behind them', () => {
    const b = built('D P E');
    expect([0, 1, 2, 3].map((d) => device(b, d, D.OPEN))).toEqual([1, 1, 0, 0]);
    const own = mirrored(b, 0);
    expect(own.map((v) => v !== 0)).toEqual([true, false, false, false, false, false, false, false]);
    const backing = b.machine.f(folioAt(b, 0), F.BACKING);
    expect(own[0]).toBe((backing + 1) | (1 << 30));
    expect(mirrored(b, 1).map((v) => v !== 0)).toEqual([false, false, true, false, false, false, false, false]);
  });

  test('have lost what was write-protected or split since', () => {
    const shared: ScenarioEntry = { page: 0, count: 8, level: 'pte', kind: 'device', folio: { sharedBy: 1 } };
    expect(mirrored(built([shared]), 0).some((v) => v !== 0)).toBe(false);
    expect(mirrored(built([{ ...shared, mirrored: true }]), 0).every((v) => v !== 0)).toBe(true);
  });

  test('cover what they map beyond the request', () => {
    const b = built('TD', { request: { ...scenario('').request, start: 100, end: 108 } });
    expect([device(b, 0, D.WINDOW_START) - b.offset, device(b, 0, D.WINDOW_PAGES)]).toEqual([0, 512]);
    expect(mirrored(b, 0).every((v) => v !== 0)).toBe(true);
  });

  test('can be told to fail and to be closed', () => {
    const b = built('P', { conditions: { failAlloc: [0], openDevices: [] } });
    expect([device(b, 0, D.FAIL_ALLOC), device(b, 0, D.OPEN), device(b, 1, D.FAIL_ALLOC)]).toEqual([1, 0, 0]);
  });
});

test('a locked folio is held by somebody outside', () => {
  const b = built('L');
  expect(b.machine.f(folioAt(b, 0), F.LOCKER)).toBe(EXTERNAL_ACTOR + 1);
});

test('zero pages exist, and frame 0 is nobody’s', () => {
  const { machine: m } = built('Z');
  expect(m.scalar.get(G.ZERO_PFN)).toBe(1);
  expect(m.scalar.get(G.HUGE_ZERO_PFN)).toBe(512);
  expect(m.folioOf(0)).toBe(0);
});

test('pages hold what the scenario says', () => {
  const b = built([{ ...(memory('P*4')[0] as ScenarioEntry), data: 7 }, ...memory('S', 4)]);
  const f = folioAt(b, 2);
  expect(b.machine.pageGet(b.machine.f(f, F.PFN), P.DATA)).toBe(9);
  expect(b.machine.swap.get(SW_STRIDE + SW.DATA)).toBe(0x1004);
});
