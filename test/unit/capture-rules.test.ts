import { describe, expect, test } from 'vitest';
import { parseCapture } from '../../src/scenario/capture/parse-capture.ts';
import type { CaptureFlag, CaptureMapBit, CaptureState, CaptureVma } from '../../src/scenario/capture/types.ts';
import type { ScenarioEntry } from '../../src/scenario/types.ts';
import { scenarioOf, tinyCapture } from './capture-fixture.ts';

const ANON: readonly CaptureFlag[] = ['anon', 'lru', 'swapbacked'];

function page(map: readonly CaptureMapBit[], more: Partial<CaptureState> = {}): CaptureState {
  return { map: ['present', ...map], flags: ANON, maps: 1, ...more };
}

/** The entry that one page in one state becomes. */
function entry(state: CaptureState, vma: Partial<CaptureVma> = {}): ScenarioEntry | undefined {
  return scenarioOf(tinyCapture([state], [[3, 1, 0]], vma)).entries[0];
}

describe('what /proc does not say', () => {
  test('an anonymous page with one mapping is exclusive and writable', () =>
    expect(entry(page(['soft-dirty', 'exclusive']))).toEqual({
      page: 3,
      count: 1,
      level: 'pte',
      kind: 'present',
      write: true,
      young: true,
      softDirty: true,
      dirty: true,
      folio: { exclusive: true },
    }));

  test('unless its mapping is read-only, soft-dirty was cleared, or userfaultfd protects it', () => {
    expect(entry(page(['soft-dirty']), { perms: 'r--p' })?.write).toBeUndefined();
    expect(entry(page([]))?.write).toBeUndefined();
    expect(entry(page(['soft-dirty', 'uffd-wp']))).toMatchObject({ uffdWp: true });
    expect(entry(page(['soft-dirty', 'uffd-wp']))?.write).toBeUndefined();
  });

  test('on a kernel without soft-dirty tracking its absence means nothing', () => {
    const capture = { ...tinyCapture([page([])], [[3, 1, 0]]), missing: ['soft-dirty'] as const };
    expect(scenarioOf(capture).entries[0]?.write).toBe(true);
  });

  test('a page with further mappings is shared with forked processes', () =>
    expect(entry(page(['soft-dirty'], { maps: 3 }))).toMatchObject({ folio: { exclusive: false, sharedBy: 2 } }));

  test('a KSM page is nobody’s own', () =>
    expect(entry(page(['soft-dirty'], { flags: [...ANON, 'ksm'], maps: 40 }))?.folio).toEqual({ exclusive: false }));

  test('without kpagecount, a page that is not exclusive is shared with one process', () => {
    const state: CaptureState = { map: ['present', 'soft-dirty'] };
    expect(entry(state)).toMatchObject({ folio: { sharedBy: 1 } });
    expect(parseCapture(tinyCapture([state], [[0, 2, 0]])).notes?.join(' ')).toContain('2 of the pages is unknown');
  });

  test('pages given up by MADV_FREE are clean, unreferenced mappings not young', () => {
    const lazy = entry(page(['soft-dirty'], { flags: ['anon', 'lru'] }));
    expect(lazy?.dirty).toBeUndefined();
    expect(entry(page(['soft-dirty']), { smaps: {} })?.young).toBeUndefined();
  });

  test('a page on no LRU list waits in a batch', () =>
    expect(entry(page(['soft-dirty'], { flags: ['anon', 'swapbacked'] }))?.folio?.lru).toBe('batch'));

  test('zero pages, huge or not', () => {
    expect(entry({ map: ['present', 'zero'], flags: ['zero'], maps: 0 })).toMatchObject({ kind: 'zero', level: 'pte' });
    const huge: CaptureState = { map: ['present', 'zero', 'pmd', 'file-or-shared'], flags: ['thp', 'zero'], order: 9 };
    const { entries } = scenarioOf(tinyCapture([huge], [[512, 512, 0]]));
    expect(entries).toMatchObject([{ kind: 'zero', level: 'pmd', page: 512, count: 512 }]);
  });

  test('swapped pages: who shares the slots follows from SwapPss', () => {
    const state: CaptureState = { map: ['swapped'], swapType: 0 };
    expect(entry(state, { smaps: { Swap: 40, SwapPss: 10 } })?.slot).toEqual({ exclusive: false, sharedBy: 3 });
    expect(entry(state)?.slot).toEqual({ exclusive: true });
  });

  test('special swap types: markers are kept, the others left empty and counted', () => {
    expect(entry({ map: ['swapped', 'uffd-wp'], swapType: 31 })).toMatchObject({ kind: 'marker', marker: 'uffd-wp' });
    expect(entry({ map: ['swapped', 'guard'], swapType: 31 })).toMatchObject({ kind: 'marker', marker: 'guard' });
    const migration = parseCapture(tinyCapture([{ map: ['swapped'], swapType: 26 }], [[0, 7, 0]]));
    expect(migration.scenario?.entries).toEqual([]);
    expect(migration.notes?.join(' ')).toContain('7 entries have no counterpart');
  });

  test('shared memory is mapped writable, a file only where it is dirty, the cache in a private mapping never', () => {
    const clean = page(['soft-dirty', 'file-or-shared'], { flags: ['lru'] });
    const dirty = page(['soft-dirty', 'file-or-shared'], { flags: ['lru', 'dirty'] });
    expect(entry(clean, { kind: 'shmem', perms: 'rw-s' })?.write).toBe(true);
    expect(entry(clean, { kind: 'file', perms: 'rw-s' })?.write).toBeUndefined();
    expect(entry(dirty, { kind: 'file', perms: 'rw-s' })).toMatchObject({ write: true, dirty: true });
    expect(entry(dirty, { kind: 'file', perms: 'rw-p' })).toMatchObject({ folio: { anon: false, exclusive: false } });
    expect(entry(dirty, { kind: 'file', perms: 'rw-p' })?.write).toBeUndefined();
    expect(entry(page(['soft-dirty']), { kind: 'file', perms: 'rw-p' })).toMatchObject({
      write: true,
      folio: { anon: true },
    });
  });

  test('pages of drivers have no folio', () =>
    expect(entry(page([]), { kind: 'special', perms: 'r--s', vmFlags: ['pf', 'io'] })).toMatchObject({
      special: true,
    }));

  test('hugetlb pages are PMD entries', () =>
    expect(
      scenarioOf(tinyCapture([page([], { flags: ['hugetlb'], order: 9 })], [[0, 1024, 0, 0]], { kind: 'hugetlb' }))
        .entries,
    ).toMatchObject([{ level: 'pmd', page: 0, count: 1024 }]));

  test('flags of the mapping', () =>
    expect(scenarioOf(tinyCapture([], [], { vmFlags: ['rd', 'wr', 'hg', 'lo', 'xx'] })).vmas[0]?.flags).toEqual([
      'hugepage',
      'mlocked',
    ]));
});

describe('large folios', () => {
  const large = page(['soft-dirty', 'exclusive'], { order: 9 });

  test('mapped by PTEs, with pages missing: these are said to be empty', () => {
    const { entries } = scenarioOf(
      tinyCapture(
        [large],
        [
          [12, 400, 0, 12],
          [420, 80, 0, 420],
        ],
      ),
    );
    expect(entries.map((e) => [e.page, e.count, e.kind])).toEqual([
      [0, 12, 'none'],
      [12, 400, 'present'],
      [412, 8, 'none'],
      [420, 80, 'present'],
      [500, 12, 'none'],
    ]);
  });

  test('out of line, they become single pages', () => {
    const parsed = parseCapture(
      tinyCapture(
        [large],
        [
          [0, 10, 0, 0],
          [20, 10, 0, 10],
        ],
      ),
    );
    expect(parsed.scenario?.entries.map((e) => [e.kind, e.folio?.order])).toEqual([
      ['present', 9],
      ['none', undefined],
      ['present', undefined],
      ['none', undefined],
    ]);
    expect(parsed.notes?.join(' ')).toContain('10 pages of 2 MiB folios are out of line');
  });

  test('of other orders become single pages', () => {
    const parsed = parseCapture(tinyCapture([page(['soft-dirty'], { order: 4 })], [[0, 16, 0, 0]]));
    expect(parsed.scenario?.entries).toMatchObject([{ count: 16, folio: { exclusive: true } }]);
    expect(parsed.notes?.join(' ')).toContain('16 pages belong to folios of other orders');
  });

  test('a PMD entry whose pages differ in their other mappings stays one', () => {
    const shared = page(['soft-dirty', 'pmd'], { order: 9, maps: 2 });
    const more = page(['soft-dirty', 'pmd'], { order: 9, maps: 3 });
    const { entries } = scenarioOf(
      tinyCapture(
        [shared, more],
        [
          [0, 100, 0, 0],
          [100, 412, 1, 100],
        ],
      ),
    );
    expect(entries).toMatchObject([{ level: 'pmd', page: 0, count: 512, folio: { sharedBy: 1 } }]);
  });
});

describe('the range to walk', () => {
  test('the number of processes is bounded', () => {
    const parsed = parseCapture(tinyCapture([page([], { maps: 5000 })], [[0, 1024, 0, 0]]));
    expect(parsed.scenario?.entries[0]?.folio?.sharedBy).toBe(16);
    expect(parsed.notes?.join(' ')).toContain('up to 4999 in the capture');
  });

  test('only what lies in the captured range is shown', () => {
    const capture = {
      ...tinyCapture([page(['soft-dirty'])], [[600, 10, 0]]),
      selection: 'range' as const,
      range: { start: '0x7f0000250000', end: '0x7f0000270000' },
    };
    const scenario = scenarioOf(capture);
    expect(scenario.base).toBe('0x7f0000250000');
    expect(scenario.request.end).toBe(32);
    expect(scenario.vmas[0]).toMatchObject({ start: -80, end: 432 });
  });

  test.each([
    [{ start: '0x7f0000000000', end: '0x7f0000000000' }, 'empty'],
    [{ start: '0x7f0000000001', end: '0x7f0000001000' }, 'page-aligned'],
    [{ start: '0x7e0000000000', end: '0x7e0000001000' }, 'nothing was captured'],
    [{ start: '0x7f0000000000', end: '0x7f0050000000' }, 'too much'],
    [{ start: 'here', end: 'there' }, 'page-aligned'],
  ])('asked for %j: refused', (range, message) =>
    expect(parseCapture(tinyCapture([], []), range).error?.[0]?.message).toContain(message),
  );
});
