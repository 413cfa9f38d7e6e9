import { describe, expect, test } from 'vitest';
import { folio_putback_lru } from '../../src/kernel/common/folio.ts';
import { remove_migration_ptes } from '../../src/kernel/common/migrate.ts';
import type { Run } from '../../src/kernel/kernel.ts';
import type { Actor } from '../../src/kernel/scheduler.ts';
import { MIGRATE, RANGE } from '../../src/kernel/structs.ts';
import { F, PG } from '../../src/machine/layout.ts';
import { OP } from '../../src/machine/ops.ts';
import { entryHi, entryLo, findEntry } from '../../src/machine/page-table.ts';
import { functionOfSite } from '../../src/machine/sites.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_PFN_WRITE,
} from '../../src/machine/words/migrate-pfn.ts';
import { swpPfn } from '../../src/machine/words/swp.ts';
import { type PassCounts, countPasses } from '../../src/recording/passes.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { type Started, runScenario } from '../../src/recording/run.ts';
import { anon, sketch } from '../../src/scenario/library/make.ts';
import type { Operation, RunSpec, Scenario, ScenarioRequest, ScenarioVma } from '../../src/scenario/types.ts';

/*
 * The cost matrix: one memory state in a 2 MiB area, one strategy, and what the walker's own thread did for it.
 * A cell is P D F pmd+pte T X and the words of src[] after the last setup:
 *   P passes, D descents, F faults, page-table locks of the walkers, T folio trylocks taken, X flushes while collecting
 *   (p page, r range, h 2 MiB); V VALID, M MIGRATE, W WRITE, C COMPOUND, 0 nothing.
 *
 *   S1-r S1-w  fault, then migrate        S2  migrate only
 *   S2+ S2+w   migrate, fault, migrate, each to its end, as measured
 *   S3-r S3-w  the strategy migrate-fault-migrate: the first migration is given up when it is not complete
 *   U-r U-w    unified, by a device fault  V   migrate_vma_setup() of the series   VF  the same with MIGRATE_VMA_FAULT
 */

interface State {
  readonly memory: string;
  readonly pages?: number;
  readonly compound?: boolean;
  readonly devices?: readonly number[];
  readonly tables?: Scenario['tables'];
  readonly vmas?: readonly ScenarioVma[];
  readonly select?: ScenarioRequest['select'];
}

const CALLS: Readonly<
  Record<string, (request: ScenarioRequest) => Pick<RunSpec, 'kernel' | 'strategy' | 'operations'>>
> = {
  'S1-r': () => ({ kernel: 'base', strategy: 'fault-then-migrate' }),
  'S1-w': () => ({ kernel: 'base', strategy: 'fault-then-migrate' }),
  S2: () => ({ kernel: 'base', strategy: 'migrate-only' }),
  'S2+': (request) => ({
    kernel: 'base',
    strategy: 'migrate-fault-migrate',
    operations: [move(request), look(request), move(request)],
  }),
  'S2+w': (request) => ({
    kernel: 'base',
    strategy: 'migrate-fault-migrate',
    operations: [move(request), look(request), move(request)],
  }),
  'S3-r': () => ({ kernel: 'base', strategy: 'migrate-fault-migrate' }),
  'S3-w': () => ({ kernel: 'base', strategy: 'migrate-fault-migrate' }),
  'U-r': () => ({ strategy: 'unified' }),
  'U-w': () => ({ strategy: 'unified' }),
  V: () => ({ strategy: 'migrate-only' }),
  VF: (request) => ({ strategy: 'migrate-only', operations: [{ call: 'migrate_vma', fault: true, request }] }),
};

const move = (request: ScenarioRequest): Operation => ({ call: 'migrate_vma', fault: false, request });
const look = (request: ScenarioRequest): Operation => ({ call: 'hmm_range_fault', migrate: false, request });

function scenarioOf(state: State, write: boolean): Scenario {
  const pages = state.pages ?? 8;
  return sketch({
    id: 'cell',
    title: 'A cell of the matrix',
    about: '',
    look: [],
    source: [],
    tags: [],
    memory: state.memory,
    pages,
    write,
    vmas: state.vmas ?? [pages < 512 ? anon(0, pages) : { ...anon(0, pages), flags: ['hugepage'] }],
    select: state.select ?? (state.compound === true ? ['SYSTEM', 'COMPOUND'] : ['SYSTEM']),
    ...(state.tables === undefined ? {} : { tables: state.tables }),
    ...(state.devices === undefined ? {} : { conditions: { openDevices: state.devices } }),
  });
}

/** Runs a cell and writes it as the table does. */
function cell(state: State, strategy: string): string {
  const scenario = scenarioOf(state, strategy.endsWith('w'));
  const rec = runScenario({ scenario, revision: 'v2', ...CALLS[strategy]?.(scenario.request) } as RunSpec);
  const c = countPasses(rec);
  expect(c.descents, 'D = P + G - K, and one more for each folio that series v2 splits by its PMD').toBe(
    c.passes + c.groups - c.collisions + restarts(rec),
  );
  return `${c.passes} ${c.descents} ${c.faults} ${c.pmdLocks}+${c.pteLocks} ${c.trylocks} ${flushes(c)} | ${lastSrc(rec)}`;
}

/** PMD-level splits of the series, after which the walk starts again. */
function restarts(rec: Recording): number {
  let n = 0;
  for (let i = 0; i < rec.length; i++)
    if (
      rec.machine.log.op[i] === OP.EXIT &&
      rec.machine.log.a[i] === 0 &&
      functionOfSite(rec.machine.log.site[i] as number).name === 'hmm_vma_walk_split'
    )
      n++;
  return n;
}

const flushes = (c: PassCounts): string =>
  [`${c.flushPage}p`, `${c.flushRange}r`, `${c.flushPmd}h`].filter((t) => !t.startsWith('0')).join('+') || '0';

/** Words of src[] when the last setup returned; `*n` repeats. */
function lastSrc(rec: Recording): string {
  const { op, site, b } = rec.machine.log;
  let i = rec.length - 1;
  while (i >= 0 && !(op[i] === OP.EXIT && isSetup(site[i] as number))) i--;
  if (i < 0) return '-';
  rec.seek(i);
  const { obj, words } = rec.machine;
  const migrate =
    nameOf(site[i] as number) === 'migrate_vma_setup' ? (b[i] as number) : obj.get((b[i] as number) + RANGE.MIGRATE);
  const src = obj.get(migrate + MIGRATE.SRC);
  const out: [string, number][] = [];
  for (let page = 0; page < obj.get(migrate + MIGRATE.NPAGES); page++) {
    const word = letters(words.get((src + page) * 2));
    const last = out.at(-1);
    if (last?.[0] === word) last[1]++;
    else out.push([word, 1]);
  }
  return out.map(([word, n]) => (n === 1 ? word : `${word}*${n}`)).join(' ');
}

const nameOf = (site: number): string => functionOfSite(site).name;
const isSetup = (site: number): boolean =>
  nameOf(site) === 'migrate_vma_setup' || nameOf(site) === 'migrate_hmm_range_setup';
const letters = (word: number): string =>
  [
    [MIGRATE_PFN_VALID, 'V'],
    [MIGRATE_PFN_MIGRATE, 'M'],
    [MIGRATE_PFN_WRITE, 'W'],
    [MIGRATE_PFN_COMPOUND, 'C'],
  ]
    .map(([bit, letter]) => ((word & (bit as number)) !== 0 ? letter : ''))
    .join('') || '0';

/** Runs the cells of a state; a cell that says less than it could is compared as far as it goes. */
function matrix(title: string, state: State, cells: Readonly<Record<string, string>>): void {
  describe(title, () => {
    test.each(Object.entries(cells))('%s', (strategies, expected) => {
      for (const strategy of strategies.split(' ')) expect(cell(state, strategy), strategy).toBe(expected);
    });
  });
}

const SHMEM: ScenarioVma = { start: 0, end: 8, perms: 'rw-s', kind: 'shmem' };

matrix(
  'present, writable, exclusive',
  { memory: 'P*8' },
  {
    'S1-r S1-w': '2 2 0 0+1 8 8p+1r | VMW*8',
    'S2 S3-r S3-w': '1 1 0 0+1 8 8p+1r | VMW*8',
    'U-r U-w V VF': '1 1 0 1+1 8 16p | VMW*8',
  },
);

matrix(
  'PTEs none, the table exists',
  { memory: 'N*8', tables: [{ page: 0, level: 'pte' }] },
  {
    'S1-r': '2 3 8 0+1 0 0 | M*8',
    'S1-w': '2 3 8 0+1 8 8p+1r | VMW*8',
    'S2 S3-r': '1 1 0 0+1 0 0 | M*8',
    V: '1 1 0 1+1 0 0 | M*8',
    'U-r VF': '1 2 8 2+2 0 0 | M*8',
    'U-w': '1 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'PMD none',
  { memory: '' },
  {
    'S1-r': '2 3 8 0+1 0 0 | M*8',
    'S1-w': '2 3 8 0+1 8 8p+1r | VMW*8',
    'S2 V': '1 1 0 0+0 0 0 | M*8',
    'U-r VF': '1 2 8 1+1 0 0 | M*8',
    'U-w': '1 2 8 1+1 8 16p | VMW*8',
  },
);

matrix(
  'PMD none, THP possible, COMPOUND',
  { memory: '', pages: 512, compound: true },
  {
    'S1-r': '2 3 512 1+0 0 0 | MC 0*511',
    'S1-w': '2 3 512 1+0 1 1h | VMWC 0*511',
    'S2 V': '1 1 0 0+0 0 0 | MC 0*511',
    'U-r VF': '1 2 512 1+0 0 0 | MC 0*511',
    'U-w': '1 2 512 1+0 1 1h | VMWC 0*511',
  },
);

matrix(
  'PMD none, THP possible, no COMPOUND',
  { memory: '', pages: 512 },
  {
    'S1-r': '2 3 512 1+0 0 0 | M*512',
    'S1-w': '2 3 512 1+1 513 512p+1r+1h | VMW*512',
    'S2 V': '1 1 0 0+0 0 0 | M*512',
  },
);

matrix(
  'zero page',
  { memory: 'Z*8' },
  {
    'S1-r': '2 2 0 0+1 0 0 | M*8',
    'S1-w': '3 3 8 0+1 8 8p+1r | VMW*8',
    S2: '1 1 0 0+1 0 0 | M*8',
    'U-r V VF': '1 1 0 1+1 0 0 | M*8',
    'U-w': '2 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'shared after fork',
  { memory: 'C*8' },
  {
    'S1-r': '2 2 0 0+1 8 1r | VM*8',
    'S1-w': '3 3 8 0+1 8 8p+1r | VMW*8',
    'S2 S3-r': '1 1 0 0+1 8 1r | VM*8',
    'S2+': '3 3 0 0+2 8 1r | 0*8',
    // The matrix derives 4 4 N 2N for a first migration that is given up; one that is finished leaves own device
    // pages behind, of which hmm_range_fault() asks nothing.
    'S3-w': '4 4 8 0+2 16 8p+2r | VMW*8',
    'S2+w': '3 3 0 0+2 8 1r | 0*8',
    'U-r V VF': '1 1 0 1+1 8 8p | VM*8',
    'U-w': '2 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'read-only but exclusive',
  { memory: 'R*8' },
  {
    'S1-r': '2 2 0 0+1 8 8p+1r | VM*8',
    'S1-w': '2 3 8 0+1 8 8p+1r | VMW*8',
    S2: '1 1 0 0+1 8 8p+1r | VM*8',
    'U-r V VF': '1 1 0 1+1 8 16p | VM*8',
    'U-w': '1 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'read-only in a VMA without VM_WRITE',
  { memory: 'R*8', vmas: [anon(0, 8, 'r--p')] },
  {
    'S1-w': '1 1 0 0+0 0 0 | -',
    'U-w': '1 1 0 1+1 0 0 | 0*8',
  },
);

matrix(
  'swapped out',
  { memory: 'S*8' },
  {
    'S1-r S1-w': '2 3 8 0+1 8 8p+1r | VMW*8',
    S2: '1 1 0 0+1 0 0 | 0*8',
    V: '1 1 0 1+1 0 0 | 0*8',
    'S2+ S3-r': '3 4 8 0+2 8 8p+1r | VMW*8',
    'U-r U-w VF': '1 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'some of eight swapped out',
  { memory: 'P P S S P S P P' },
  {
    // finished: the faults pull the pages back that have just been moved
    'S2+': '3 4 6 0+2 11 11p+2r | 0*2 VMW*6',
    'S3-r': '3 4 6 0+2 13 13p+2r | VMW*8',
  },
);

matrix(
  'own device memory',
  { memory: 'D*8' },
  {
    'S1-r S1-w': '2 2 0 0+1 0 0 | 0*8',
    S2: '1 1 0 0+1 0 0 | 0*8',
    'U-r U-w V VF': '1 1 0 1+1 0 0 | 0*8',
  },
);

matrix(
  'own device memory, selected',
  { memory: 'D*8', select: ['DEVICE_PRIVATE'] },
  {
    S2: '1 1 0 0+1 8 0 | VMW*8',
    V: '1 1 0 1+1 8 0 | VMW*8',
  },
);

matrix(
  'another device’s memory',
  { memory: 'E*8', devices: [0, 1] },
  {
    'S1-r S1-w': '3 3 8 0+1 8 8p+1r | VMW*8',
    S2: '1 1 0 0+1 0 0 | 0*8',
    V: '1 1 0 1+1 0 0 | 0*8',
    'S2+ S3-r': '4 4 8 0+2 8 8p+1r | VMW*8',
    'U-r U-w': '2 2 8 2+2 8 16p | VMW*8',
    VF: '1 2 8 2+2 8 16p | VMW*8',
  },
);

matrix(
  'another device’s THP, COMPOUND',
  { memory: 'TE', pages: 512, compound: true, devices: [0, 1] },
  {
    'S1-r': '3 3 512 1+0 1 1h | VMC 0*511',
    'S1-w': '3 3 512 1+0 1 1h | VMWC 0*511',
    'S2 V': '1 1 0 1+0 0 0 | 0*512',
    'S2+': '4 4 512 2+0 1 1h | VMC 0*511',
  },
);

matrix(
  'THP, COMPOUND',
  { memory: 'T', pages: 512, compound: true },
  {
    'S1-r S1-w': '2 2 0 1+0 1 1h | VMWC 0*511',
    'S2 S3-r U-r U-w V VF': '1 1 0 1+0 1 1h | VMWC 0*511',
  },
);

matrix(
  'THP, no COMPOUND',
  { memory: 'T', pages: 512 },
  {
    S2: '1 1 0 1+1 513 512p+1r+1h | VMW*512',
    V: '1 2 0 3+1 514 1024p+1h | VMW*512',
    'U-r U-w': '2 2 0 3+1 514 1024p+1h | VMW*512',
  },
);

matrix(
  'huge zero page',
  { memory: 'TZ', pages: 512 },
  {
    'S1-r': '2 2 0 1+0 0 0 | M*512',
    'S1-w': '3 3 512 1+1 513 512p+1r+1h | VMW*512',
    'S2 V U-r VF': '1 1 0 1+0 0 0 | M*512',
  },
);

matrix(
  'huge zero page, COMPOUND',
  { memory: 'TZ', pages: 512, compound: true },
  {
    'S1-r': '2 2 0 1+0 0 0 | MC 0*511',
    'S1-w': '3 3 512 1+0 1 1h | VMWC 0*511',
    'S2 V U-r VF': '1 1 0 1+0 0 0 | MC 0*511',
    'U-w': '2 2 512 2+0 1 1h | VMWC 0*511',
  },
);

matrix(
  'page cache, present',
  { memory: 'F*8', vmas: [SHMEM] },
  {
    'S1-r': '2 2 0 0+1 8 1r | VMW*8',
    S2: '1 1 0 0+1 8 1r | VMW*8',
    'U-r V VF': '1 1 0 1+1 8 8p | VMW*8',
  },
);

matrix(
  'page cache, absent',
  { memory: '', vmas: [SHMEM] },
  {
    S2: '1 1 0 0+0 0 0 | 0*8',
    'U-r VF': '1 2 8 1+1 8 8p | VMW*8',
  },
);

matrix(
  'THP mapped by PTEs',
  { memory: 'TP', pages: 512 },
  {
    S2: '1 1 0 0+2 512 512p+1r | VMW*512',
    'U-r V VF': '1 1 0 2+2 512 1024p | VMW*512',
  },
);

matrix('THP mapped by PTEs, the split is refused', { memory: 'TQ', pages: 512 }, { S2: '1 1 0 0+1 0 0 | 0*512' });

matrix(
  'one of eight pinned for DMA',
  { memory: 'P P G P*5' },
  {
    S2: '1 1 0 0+1 8 8p+1r | VMW*2 0 VMW*5',
    'U-r': '1 1 0 1+1 8 15p | VMW*2 0 VMW*5',
  },
);

matrix(
  'one of eight with a plain extra reference',
  { memory: 'P P V P*5' },
  {
    S2: '1 1 0 0+1 8 8p+1r | VMW*2 0 VMW*5',
    'U-r': '1 1 0 1+1 8 16p | VMW*2 0 VMW*5',
  },
);

matrix('pinned THP', { memory: 'TG', pages: 512 }, { S2: '1 1 0 1+0 1 0 | 0*512', 'U-r': '1 1 0 2+0 2 0 | 0*512' });
matrix('pinned THP, COMPOUND', { memory: 'TG', pages: 512, compound: true }, { S2: '1 1 0 1+0 1 1h | 0*512' });

matrix(
  'one of eight locked by somebody',
  { memory: 'P P L P*5' },
  {
    S2: '1 1 0 0+1 7 7p+1r | VMW*2 0 VMW*5',
    'U-r': '1 1 0 1+1 7 14p | VMW*2 0 VMW*5',
  },
);

matrix('locked THP, COMPOUND', { memory: 'TL', pages: 512, compound: true }, { 'S2 U-r': '1 1 0 1+0 0 0 | 0*512' });

matrix(
  'one of eight under migration by somebody',
  { memory: 'P P M P*5' },
  {
    S2: '1 1 0 0+1 7 7p+1r | VMW*2 0 VMW*5',
    'U-r V VF': '1 1 0 1+1 7 14p | VMW*2 0 VMW*5',
  },
);

matrix(
  'PROT_NONE',
  { memory: '', vmas: [anon(0, 8, '---p')] },
  {
    'S1-r': '1 1 0 0+0 0 0 | -',
    S2: '1 1 0 0+0 0 0 | M*8',
    V: '1 1 0 0+0 0 0 | 0*8',
    'U-r': '1 1 0 0+0 0 0 | 0*8',
  },
);

matrix(
  'own device THP to system memory, COMPOUND',
  { memory: 'TD', pages: 512, select: ['DEVICE_PRIVATE', 'COMPOUND'] },
  {
    S2: '1 1 0 1+0 1 0 | VMWC 0*511',
  },
);
matrix(
  'own device THP to system memory, no COMPOUND',
  { memory: 'TD', pages: 512, select: ['DEVICE_PRIVATE'] },
  {
    S2: '1 1 0 1+1 513 0 | VMW*512',
  },
);

matrix(
  'mixed: present, none, zero',
  { memory: 'P N Z P N Z P P' },
  {
    'S1-r': '2 3 7 0+1 4 4p+1r | VMW M*2 VMW M*2 VMW*2',
    'S1-w': '3 3 7 0+1 8 8p+1r | VMW*8',
    S2: '1 1 0 0+1 4 4p+1r | VMW M*2 VMW M*2 VMW*2',
    'U-r': '1 2 7 2+2 4 8p | VMW M*2 VMW M*2 VMW*2',
    // F-04: page 0 is forgotten behind its own migration entry
    'U-w': '2 2 7 2+2 8 16p | 0 VMW*7',
  },
);

matrix(
  'mixed: everything',
  { memory: 'P N Z S D C E G', devices: [0, 1] },
  {
    'S1-r': '3 3 7 0+1 6 5p+1r | VMW M*2 VMW*2 VM VMW 0',
    S2: '1 1 0 0+1 3 2p+1r | VMW M*2 0*2 VM 0*2',
    'S3-r': '4 4 7 0+2 9 7p+2r | VMW M*2 VMW*2 VM VMW 0',
    'U-r': '2 2 7 2+2 6 10p | 0 M*2 VMW*2 VM VMW 0',
  },
);

matrix(
  'mixed: own and foreign device memory',
  { memory: 'D D E P N Z P D', devices: [0, 1] },
  {
    'S1-r': '3 3 6 0+1 4 4p+1r | 0*2 VMW*2 M*2 VMW*2',
    'S1-w': '3 3 6 0+1 6 6p+1r | 0*2 VMW*6',
    S2: '1 1 0 0+1 2 2p+1r | 0*3 VMW M*2 VMW 0',
    'S2+': '4 4 6 0+2 8 8p+2r | 0*2 VMW*6',
    'U-r': '2 2 6 2+2 4 8p | 0*2 VMW*2 M*2 VMW*2',
    'U-w': '2 2 6 2+2 6 12p | 0*2 VMW*6',
  },
);

matrix(
  'a range over two VMAs',
  { memory: 'P*4 R*4', vmas: [anon(0, 4), anon(4, 8, 'r--p')] },
  { S2: '0 0 0 0+0 0 0 | ' },
);
matrix('a range with a gap', { memory: 'P*3', vmas: [anon(0, 3), anon(5, 8)] }, { S2: '0 0 0 0+0 0 0 | ' });

describe.each([2, 3, 5])('swapped out, %d PMD ranges', (r) => {
  const state: State = { memory: `S*${512 * r}`, pages: 512 * r, vmas: [anon(0, 512 * r)] };
  test.each([
    ['S1-r', `2 ${r + 2} ${512 * r} 0+${r}`],
    ['S3-r', `3 ${r + 3} ${512 * r} 0+${2 * r}`],
    ['U-r', `1 ${r + 1} ${512 * r} ${2 * r}+${2 * r}`],
  ])('%s', (strategy, expected) => expect(cell(state, strategy)).toContain(expected));
});

test('a write over shared pages of three PMD ranges starts anew once for each of them', () => {
  const state: State = { memory: 'C*1536', pages: 1536, vmas: [anon(0, 1536)] };
  expect(cell(state, 'S1-w')).toContain('5 5 1536 0+3 1536');
});

test('every strategy opens one MIGRATE bracket for each collection', () => {
  const brackets = (strategy: string): number => {
    const scenario = scenarioOf({ memory: 'S*8' }, false);
    return countPasses(runScenario({ scenario, revision: 'v2', ...CALLS[strategy]?.(scenario.request) } as RunSpec))
      .brackets;
  };
  expect(['S1-r', 'S2', 'S3-r', 'U-r', 'V', 'VF'].map(brackets)).toEqual([1, 1, 2, 1, 1, 1]);
});

test('hmm_range_fault() waits for another migrator’s page and walks once more; collecting does not wait', () => {
  const scenario = scenarioOf({ memory: 'P P M P*5' }, false);
  /** Ends the foreign migration as soon as the walker waits. */
  const migrator = ({ kernel: k, mm, offset }: Started): readonly Actor[] => {
    function* program(): Run<void> {
      const e = findEntry(k.m, mm, 2 + offset, 1);
      const f = k.m.folioOf(swpPfn(entryLo(k.m, e), entryHi(k.m, e)));
      yield* remove_migration_ptes(k, f, f);
      k.m.setF(f, F.FLAGS, k.m.f(f, F.FLAGS) & ~PG.LOCKED);
      folio_putback_lru(k, 0, f);
    }
    return [{ name: 'migrator', program: program(), cue: 'at-once', holds: false }];
  };
  const rec = runScenario({ scenario, revision: 'v2', kernel: 'base', strategy: 'fault-then-migrate' }, migrator);
  const c = countPasses(rec);
  expect([rec.end, c.passes, c.descents, c.faults]).toEqual(['returned', 2, 3, 0]);
  expect(lastSrc(rec)).toBe('VMW*8');
});
