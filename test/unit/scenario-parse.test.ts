import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SCENARIO_SCHEMA, scenarioSchemaText } from '../../scripts/schema.ts';
import { buildMachine } from '../../src/scenario/build.ts';
import { ScenarioError } from '../../src/scenario/error.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { LIMIT } from '../../src/scenario/limits.ts';
import { memory } from '../../src/scenario/notation.ts';
import { MOST_TEXT, parseScenario } from '../../src/scenario/parse.ts';
import { SCHEMA_IS_THE_TYPE } from '../../src/scenario/schema.ts';
import type { Scenario } from '../../src/scenario/types.ts';

const PLAIN = scenarioById('anon') as Scenario;

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

/** The plain scenario with one place changed; a place is a path such as `entries.0.count`, undefined removes it. */
function changed(place: string, value: Json | undefined): unknown {
  const whole = JSON.parse(JSON.stringify(PLAIN)) as { [key: string]: Json };
  const keys = place.split('.');
  const last = keys.pop() as string;
  let at: { [key: string]: Json } = whole;
  for (const key of keys) at = at[key] as { [key: string]: Json };
  if (value === undefined) delete at[last];
  else at[last] = value;
  return whole;
}

/** The problems that reading finds, `path: message` each. */
function problems(input: unknown): string[] {
  return (parseScenario(input).error ?? []).map((p) => `${p.path}: ${p.message}`);
}

describe('a file of another shape is refused with the place', () => {
  test.each<[string, Json | undefined, string]>([
    ['format', 'something', 'format: expected "walkscope-scenario", got "something".'],
    ['version', 2, 'version: expected 1, got 2.'],
    ['base', undefined, 'base: this field is missing.'],
    ['base', '12', 'base: expected an address in hexadecimal with 0x, got "12".'],
    ['vmas', 'none', 'vmas: expected a list, got "none".'],
    ['vmas.0.perms', 'rwx', 'vmas[0].perms: expected permissions as in /proc/PID/maps, such as rw-p, got "rwx".'],
    ['entries.0.count', 0, 'entries[0].count: expected at least 1, got 0.'],
    ['entries.0.page', 0.5, 'entries[0].page: expected a whole number, got 0.5.'],
    ['entries.0.kind', 'ghost', 'entries[0].kind: expected "none" or "present" or'],
    ['entries.0.folio.order', 4, 'entries[0].folio.order: expected 0 or 9, got 4.'],
    ['entries.0.colour', 'red', 'entries[0].colour: the field colour is unknown here.'],
    ['request.device', 7, 'request.device: expected at most 3, got 7.'],
    ['id', 'Not An Id', 'id: expected lower-case letters, digits, - and _, at most 80, got "Not An Id".'],
  ])('%s = %j', (place, value, message) => {
    const found = problems(changed(place, value));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  test.each<[string, unknown, string]>([
    ['null', null, ': expected an object, got null.'],
    ['a number', 7, ': expected an object, got 7.'],
    ['an array', [], ': '],
    ['text that is not JSON', '{"format": "walkscope-scenario",\n  oops}', 'line 2, column 3: this is not JSON'],
    ['half a file', JSON.stringify(PLAIN).slice(0, 200), 'this is not JSON'],
    ['nothing', '', ': this is not JSON'],
  ])('%s', (_, input, message) => expect(problems(input).join('\n')).toContain(message));

  test('text of more than the most that is read, before it is parsed', () => {
    const said = problems(' '.repeat(MOST_TEXT + 1));
    expect(said, 'and nothing of what a parser would say').toHaveLength(1);
    expect(said[0]).toContain('at most 64 MB are read');
  });

  test('too many entries, and many broken ones, are answered at once', () => {
    const one = PLAIN.entries[0] as unknown as Json;
    expect(
      problems(
        changed(
          'entries',
          Array.from({ length: LIMIT.ENTRIES + 1 }, () => one),
        ),
      ),
    ).toEqual([`entries: ${LIMIT.ENTRIES + 1} entries are too many: at most ${LIMIT.ENTRIES} stretches.`]);
    expect(
      problems(
        changed(
          'entries',
          Array.from({ length: 6000 }, () => 5),
        ),
      ),
    ).toHaveLength(1);
    expect(
      problems(
        changed(
          'entries',
          Array.from({ length: 100 }, () => 5),
        ),
      ),
    ).toHaveLength(20);
  });
});

const PRESENT = { page: 0, count: 8, level: 'pte', kind: 'present' } as const;
const EXCLUSIVE = { exclusive: true } as const;
const VMA = { start: 0, end: 8, perms: 'rw-p', kind: 'anon' } as const;

describe('a state that no machine can be in is refused with place and reason', () => {
  test.each<[string, Partial<Scenario>, string]>([
    ['an unaligned base', { base: '0x200000008' }, 'base: 0x200000008 is not page aligned'],
    ['a base in the kernel', { base: '0x800000000000' }, 'base: 0x800000000000 lies above user space'],
    ['an empty VMA', { vmas: [{ ...VMA, end: 0 }] }, 'vmas[0]: [0, 0) is empty'],
    [
      'VMAs that overlap',
      { vmas: [VMA, { ...VMA, start: 7, end: 9 }] },
      'vmas[1]: the VMA [7, 9) overlaps vmas[0], [0, 8)',
    ],
    [
      'shared anonymous memory',
      { vmas: [{ ...VMA, perms: 'rw-s' }] },
      'vmas[0].kind: shared anonymous memory is shared memory',
    ],
    [
      'an unaligned hugetlb VMA',
      { vmas: [{ ...VMA, kind: 'hugetlb' }] },
      'vmas[0]: [0, 8) does not begin and end on 2 MiB',
    ],
    ['a page in no VMA', { vmas: [] }, 'entries[0].page: page 0 lies in no VMA'],
    [
      'a stretch that leaves its VMA',
      { vmas: [{ ...VMA, end: 4 }] },
      'entries[0].count: pages [0, 8) leave the VMA [0, 4)',
    ],
    ['a huge page without room', { entries: memory('T') }, 'entries[0].count: pages [0, 512) leave the VMA'],
    [
      'a PMD entry whose area is not in the VMA',
      { entries: [{ ...PRESENT, level: 'pmd' }] },
      'entries[0].level: a PMD entry maps the aligned 2 MiB area [0, 512), which is not wholly inside the VMA [0, 8)',
    ],
    [
      'overlapping entries',
      { entries: [...memory('P*8'), ...memory('P', 3)] },
      'entries[1].page: pages from 3 on are in entries[0] too',
    ],
    [
      'a page under a PMD entry',
      { entries: [{ ...PRESENT, level: 'pmd' }, ...memory('N', 100)], vmas: [{ ...VMA, end: 512 }] },
      'entries[1].page: entries[0] maps the whole 2 MiB area up to page 512',
    ],
    [
      'a PMD entry over a PTE table',
      { entries: [...memory('P'), { ...PRESENT, page: 100, level: 'pmd' }], vmas: [{ ...VMA, end: 512 }] },
      'entries[1].level: the 2 MiB area from page 0 on has a PTE table, because of entries[0]',
    ],
    [
      'a PTE table under a PMD entry',
      { entries: memory('T'), vmas: [{ ...VMA, end: 512 }], tables: [{ page: 5, level: 'pte' }] },
      'tables[0]: the 2 MiB area around page 5 is mapped by a PMD entry',
    ],
    [
      'a swap entry for 2 MiB',
      { entries: [{ ...PRESENT, level: 'pmd', kind: 'swap' }] },
      'entries[0].level: an entry of kind swap exists only for single pages',
    ],
    [
      'a writable entry in a read-only VMA',
      { vmas: [{ ...VMA, perms: 'r--p' }] },
      'entries[0].write: the entry is writable, but its VMA allows r--p',
    ],
    [
      'a writable zero page',
      { entries: [{ ...PRESENT, kind: 'zero', write: true }] },
      'entries[0].write: an entry of kind zero is never writable',
    ],
    [
      'a writable page that is not exclusive',
      { entries: [{ ...PRESENT, write: true }] },
      'entries[0].folio.exclusive: a writable anonymous page is exclusive',
    ],
    [
      'an exclusive page that is shared',
      { entries: [{ ...PRESENT, folio: { ...EXCLUSIVE, sharedBy: 1 } }] },
      'entries[0].folio.exclusive: a page that a forked process maps too',
    ],
    [
      'a writable page that is shared',
      { entries: [{ ...PRESENT, write: true, folio: { sharedBy: 1 } }] },
      'entries[0].write: fork() write-protects',
    ],
    [
      'device-private memory that is present',
      { entries: [{ ...PRESENT, folio: { memory: 'private' } }] },
      'entries[0].folio.memory: the processor cannot reach device-private memory',
    ],
    [
      'private memory of a coherent device',
      { entries: [{ ...PRESENT, kind: 'device', folio: { device: 2 } }] },
      'entries[0].folio.device: device 2 has no private memory: expected 0 or 1',
    ],
    [
      'system memory of a device',
      { entries: [{ ...PRESENT, folio: { device: 0 } }] },
      'entries[0].folio.device: system memory belongs to no device',
    ],
    [
      'device memory on an LRU list',
      { entries: [{ ...PRESENT, kind: 'device', folio: { lru: 'list' } }] },
      'entries[0].folio.lru: device memory is on no LRU list',
    ],
    [
      'a folio behind nothing',
      { entries: [{ ...PRESENT, kind: 'zero', folio: {} }] },
      'entries[0].folio: there is no folio behind an entry of kind zero',
    ],
    [
      'a migration kind elsewhere',
      { entries: [{ ...PRESENT, migration: 'w' }] },
      'entries[0].migration: an entry of kind present',
    ],
    [
      'a large page of a small folio',
      { entries: [{ ...PRESENT, folioPage: 3 }] },
      'entries[0].folioPage: a folio of order 0 has no page 3',
    ],
    [
      'one name for many small folios',
      { entries: [{ ...PRESENT, folio: { name: 'a' } }] },
      'entries[0].count: folio a has 1 page from there on, but the stretch has 8',
    ],
    [
      'one folio at two places',
      {
        entries: [
          { ...PRESENT, count: 2, folio: { name: 'a', order: 9 } },
          { ...PRESENT, page: 2, count: 2, folioPage: 5, folio: { name: 'a', order: 9 } },
        ],
      },
      'entries[1].folioPage: folio a begins at page 0 in entries[0], but at page -3 here',
    ],
    [
      'a folio described in two ways',
      {
        entries: [
          { ...PRESENT, count: 2, folio: { name: 'a', order: 9, pins: 1 } },
          { ...PRESENT, page: 2, count: 2, folioPage: 2, folio: { name: 'a', order: 9, pins: 2 } },
        ],
      },
      'entries[1].folio.pins: folio a has pins 2 here, but 1 in entries[0]',
    ],
    [
      'a cache folio larger than its file',
      { entries: [{ ...PRESENT, folio: { order: 9 } }], vmas: [{ ...VMA, kind: 'shmem', perms: 'rw-s' }] },
      'entries[0].folio.order: the large folio of pages [0, 512) is in the page cache',
    ],
    [
      'a file page in anonymous memory',
      { entries: memory('F*8') },
      'entries[0].folio.anon: an anonymous VMA maps anonymous folios only',
    ],
    ['an empty request', { request: { ...PLAIN.request, end: 0 } }, 'request: the range [0, 0) is empty'],
    ['an endless request', { request: { ...PLAIN.request, end: 2 ** 21 } }, 'request: 2097152 pages are too many'],
    [
      'a mirror nobody opened',
      { entries: [{ ...PRESENT, kind: 'device', mirrored: true }], conditions: { openDevices: [1] } },
      'entries[0].mirrored: device 0 cannot mirror the page',
    ],
    [
      'a rival without pages',
      { conditions: { rivals: [{ does: 'cpu_read', start: 3, end: 3, when: 'before-copy' }] } },
      'conditions.rivals[0]: [3, 3) is empty',
    ],
    [
      'far too many tables',
      {
        vmas: [{ ...VMA, end: 1 << 24 }],
        entries: Array.from({ length: 17000 }, (_, i) => ({ ...PRESENT, page: i * 512, count: 1 })),
      },
      'page-table pages: at most',
    ],
  ])('%s', (_, change, message) => {
    const s = { ...PLAIN, vmas: [VMA], ...change };
    const found = problems(s);
    expect(found.join('\n')).toContain(message);
    const thrown = (() => {
      try {
        buildMachine(s);
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ScenarioError);
    expect((thrown as ScenarioError).path).toBe((parseScenario(s).error ?? [])[0]?.path);
  });
});

describe('the schema', () => {
  test('is the type', () => expect(SCHEMA_IS_THE_TYPE.every(Boolean)).toBe(true));

  test('is published as it is: npm run schema writes it anew', () => {
    expect(readFileSync(SCENARIO_SCHEMA, 'utf8')).toBe(
      scenarioSchemaText(readFileSync('src/scenario/types.ts', 'utf8')),
    );
  });

  test('describes its fields', () => {
    const text = readFileSync(SCENARIO_SCHEMA, 'utf8');
    expect(text).toContain('pages; a PMD entry may cover fewer than 512 pages of the stretch');
    expect(text).toContain('folio lock held by somebody outside the scenario');
  });
});

describe('a line of memory', () => {
  test('joins equal neighbours', () => {
    expect(memory('P P N P*3').map((e) => [e.page, e.count, e.kind])).toEqual([
      [0, 2, 'present'],
      [2, 1, 'none'],
      [3, 3, 'present'],
    ]);
    expect(memory('T N', -512).map((e) => [e.page, e.count])).toEqual([
      [-512, 512],
      [0, 1],
    ]);
    expect(memory('')).toEqual([]);
  });

  test('names a word it does not know', () => {
    expect(() => memory('P Q')).toThrow(/memory word 1, "Q": expected one of P R C/);
  });
});
