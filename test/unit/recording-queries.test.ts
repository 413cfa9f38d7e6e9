import { expect, test } from 'vitest';
import { functionOfSite } from '../../src/machine/sites.ts';
import { OP } from '../../src/machine/ops.ts';
import { changesOf } from '../../src/recording/changes.ts';
import { COUNTERS, countersAt } from '../../src/recording/counters.ts';
import { holdersOf, lockIntervals, lockText, locksHeld } from '../../src/recording/locks.ts';
import { namesOf } from '../../src/recording/names.ts';
import { asciiText, stepLine, stepSentence } from '../../src/recording/narrate.ts';
import { callSpans, spanAt } from '../../src/recording/spans.ts';
import { stackAt, structsAt } from '../../src/recording/stack.ts';
import { smallRun, stepOf } from './recording-fixture.ts';

const run = smallRun();
const { rec } = run;
const clear = stepOf(rec, OP.CLEAR_FLUSH_PTE);
const install = stepOf(rec, OP.SET_PTE);
const trylock = stepOf(rec, OP.FOLIO_TRYLOCK);
const write = stepOf(rec, OP.PFN_WRITE);

test('frames and folios have short names', () => {
  const names = namesOf(rec);
  expect(names.folio(run.small)).toBe('S0');
  expect(names.folio(run.huge)).toBe('T0');
  expect(names.frame(rec.machine.f(run.huge, 0) + 3)).toBe('T0+3');
  expect(names.folio(3)).toBe('D0');
});

test('what a step changed', () => {
  const [entry, ...more] = changesOf(rec, clear);
  expect(entry).toMatchObject({
    kind: 'PTE',
    subject: 'PTE of page 0',
    oldText: 'present:S0 WYD',
    neuText: 'none',
    id: run.pte,
  });
  expect(more.map((c) => `${c.subject} ${c.field}`)).toEqual(['machine tlb_page']);
  expect(changesOf(rec, install)).toMatchObject([{ oldText: 'none', neuText: 'migr-w:S0 YD' }]);
  expect(changesOf(rec, write)).toMatchObject([
    { kind: 'hmm_pfns', subject: 'hmm_pfns[0]', oldText: '0', neuText: 'VALID|WRITE|MIGRATE:S0' },
  ]);
  const taken = changesOf(rec, trylock).map((c) => `${c.subject} ${c.field}: ${c.oldText} -> ${c.neuText}`);
  expect(taken).toEqual(['folio S0 flags: 0 -> LOCKED', 'folio S0 locker: free -> walker', 'walker folios: 0 -> 1']);
  expect(changesOf(rec, trylock + 1)).toEqual([]);
  expect(changesOf(rec, 1).find((c) => c.field === 'last')).toMatchObject({
    subject: 'hmm_vma_walk',
    neuText: 'page 0',
  });
});

test('which locks are held', () => {
  const held = (step: number): string[] => locksHeld(rec, step).map((l) => lockText(rec, l));
  expect(held(-1)).toEqual(['folio lock of D0']);
  expect(held(trylock)).toEqual([
    'folio lock of D0',
    'PTE table mapped (RCU) by walker',
    'PTE lock of the PTE table at page 0',
    'folio lock of S0',
  ]);
  expect(held(stepOf(rec, OP.LOCK_PMD))).toContain('PMD lock of the PMD table at page -512');
  expect(held(stepOf(rec, OP.MAP_PTE))).toContain('PTE table mapped (RCU) by walker');
  expect(held(rec.length - 1)).toEqual(['folio lock of D0', 'folio lock of S0']);
  expect(locksHeld(rec, trylock, 2)).toHaveLength(2);
  expect(locksHeld(rec, rec.length - 1)[1]).toMatchObject({ kind: 'folio', actor: 0, since: trylock });
  expect(holdersOf(rec, 'folio', run.small, trylock)).toEqual([0]);
  expect(holdersOf(rec, 'folio', run.small, trylock - 1)).toEqual([]);
  expect(holdersOf(rec, 'rcu', 0, trylock)).toEqual([0]);
  const x = lockIntervals(rec);
  expect(x.length).toBe(7);
  for (let i = 1; i < x.length; i++) expect(x.from[i]).toBeGreaterThanOrEqual(x.from[i - 1] as number);
});

test('calls and the stack', () => {
  const x = callSpans(rec);
  const name = (row: number): string => functionOfSite(x.site[row] as number).name;
  expect(Array.from({ length: x.length }, (_, i) => name(i))).toEqual([
    'hmm_range_fault',
    'walk_page_range',
    'hmm_vma_walk_pmd',
    'walk_page_range',
    'hmm_vma_walk_pmd',
    'hmm_vma_handle_migrate_prepare',
    'mmu_notifier_invalidate_range_start',
  ]);
  expect(name(spanAt(x, install, 0))).toBe('hmm_vma_handle_migrate_prepare');
  expect(x.ret[1]).toBe(-16);
  const stack = stackAt(rec, install);
  expect(stack.map((f) => f.fn)).toEqual([
    'hmm_range_fault',
    'walk_page_range',
    'hmm_vma_walk_pmd',
    'hmm_vma_handle_migrate_prepare',
  ]);
  expect(stack.map((f) => f.locals.map((l) => `${l.name} = ${l.text}`))).toEqual([
    ['range = hmm_range', 'last = page 0'],
    ['start = page 0', 'end = page 8'],
    ['start = page 0', 'end = page 8'],
    ['addr = page 0'],
  ]);
  const walk = structsAt(rec, install).find((s) => s.name === 'hmm_vma_walk');
  expect(walk?.fields.find((f) => f.name === 'last')).toMatchObject({ text: 'page 0' });
  expect(structsAt(rec, 0).map((s) => s.name)).toEqual(['hmm_range', 'hmm_vma_walk']);
});

test('counters', () => {
  const end = countersAt(rec, rec.length - 1);
  expect(end).toMatchObject({
    walks: 2,
    rewalks: 1,
    descents: 2,
    pmdLocks: 1,
    pteLocks: 1,
    pteMaps: 1,
    folioLocks: 2,
    folioTrylocksFailed: 1,
  });
  expect(end).toMatchObject({
    flushPage: 1,
    flushRange: 1,
    flushPmd: 0,
    notifiers: 1,
    migrationEntries: 1,
    entryWrites: 2,
    findings: 1,
  });
  expect(countersAt(rec, install - 1)).toMatchObject({ flushPage: 1, migrationEntries: 0 });
  expect(Object.values(countersAt(rec, -1))).toEqual(COUNTERS.map(() => 0));
});

test('a step in words, at two depths', () => {
  expect(stepSentence(rec, 0, 'student')).toBe('hmm_range_fault() begins: range object hmm_range');
  expect(stepSentence(rec, install, 'student')).toBe(
    'write the migration entry: the PTE of page 0 is written: none → migr-w:S0 YD',
  );
  expect(stepLine(rec, install)).toBe(
    'hmm_vma_handle_migrate_prepare:install set_pte_at(page 0) none → migr-w:S0 YD; write the migration entry',
  );
  expect(stepSentence(rec, trylock + 1, 'student')).toContain(
    'folio S0 is locked by somebody else: refused without waiting',
  );
  expect(stepLine(rec, write)).toContain('hmm_pfns[0] = VALID|WRITE|MIGRATE:S0');
  expect(stepLine(rec, rec.length - 1)).toBe('hmm_range_fault() = 0');
  expect(stepSentence(rec, stepOf(rec, OP.FINDING), 'student')).toBe('finding: A folio is left locked (folio S0)');
  expect(asciiText('a → b ’ … – ü')).toBe("a -> b ' ... - ?");
});

test('telling does not move the recording, and tells the same from everywhere', () => {
  const tell = (): string[] =>
    Array.from(
      { length: rec.length },
      (_, i) => stepLine(rec, i) + stepSentence(rec, i, 'student') + JSON.stringify(changesOf(rec, i)),
    );
  const lines = tell();
  for (const position of [-1, 3, install, rec.length - 1]) {
    rec.seek(position);
    expect(tell()).toEqual(lines);
    expect(rec.position).toBe(position);
  }
});
