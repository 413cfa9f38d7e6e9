import { expect, test } from 'vitest';
import { titleOf } from '../../src/check/explorer/draft.ts';
import { Driver, type SearchReply, type SearchRequest } from '../../src/check/explorer/drive.ts';
import { STAGES, draftsOf } from '../../src/check/explorer/grammar.ts';
import { type Found, Search, type SearchOptions, fewest } from '../../src/check/explorer/search.ts';
import { Team } from '../../src/check/explorer/team.ts';
import { StateSet } from '../../src/check/explorer/state-set.ts';
import { allFindings } from '../../src/check/rules/findings.ts';
import { siteNamed } from '../../src/machine/sites.ts';
import { type Shown, Trier } from '../../src/check/explorer/trier.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Revision } from '../../src/scenario/types.ts';
import { runScenario } from '../../src/recording/run.ts';
import { decodeLink, encodeLink } from '../../src/scenario/link.ts';

const base: SearchOptions = {
  question: { kind: 'rule', rule: 'bug' },
  revision: 'v2',
  fixes: [],
  bound: 1,
  part: { index: 0, of: 1 },
  stateBits: 18,
  first: true,
  peel: false,
};

const all = (options: Partial<SearchOptions>): Search => {
  const search = new Search({ ...base, ...options });
  search.run(() => false);
  return search;
};

test('every draft is reached once, and heavier ones contain no lighter ones', () => {
  const seen = new Set<string>();
  for (const weight of [0, 1, 2])
    for (const { draft } of STAGES.flatMap((stage) => [...draftsOf(weight, stage)])) {
      const title = titleOf(draft);
      if (seen.has(title)) throw new Error(`${title} comes twice`);
      // A rival’s preemptions are not part of the title: they come again with a heavier weight.
      if (draft.rivals.length === 0) seen.add(title);
    }
  expect(seen.size).toBeGreaterThan(3000);
});

test('a hit is shrunk, says its ledger row, and replays from its link', async () => {
  const found = all({}).found[0] as Found;
  expect(found).toMatchObject({ rule: 'bug', site: 'hmm_range_fault:noMm', ledger: ['S-02'] });
  expect(found.spec.scenario.entries).toEqual([]);
  const read = await decodeLink(await encodeLink({ spec: found.spec, step: found.step }));
  const rec = runScenario(read.ok!.spec);
  expect(rec.length).toBe(found.steps);
  const again = allFindings(rec).find((f) => f.step === found.step);
  expect(again).toMatchObject({ rule: found.rule, site: siteNamed(found.site)?.id });
  expect(allFindings(runScenario({ ...found.spec, fixes: ['S-02'] })).map((f) => f.rule)).not.toContain('bug');
});

test('which memory makes this line run', () => {
  const [found] = all({ question: { kind: 'site', site: 'hmm_vma_walk_test:required' }, bound: 1 }).found;
  const rec = runScenario(found!.spec);
  expect(rec.machine.log.site[found!.step]).toBe(siteNamed('hmm_vma_walk_test:required')?.id);
});

test('two texts end differently on the smallest memory that tells them apart; a text does not differ from itself', () => {
  const [found] = all({ question: { kind: 'differ', revision: 'fixed', fixes: [] } }).found;
  expect(found?.rule).toBe('differ');
  expect(all({ question: { kind: 'differ', revision: 'v2', fixes: [] }, bound: 0 }).found).toEqual([]);
});

test('a walk that begins anew', () => {
  const [found] = all({ question: { kind: 'restarts', more: 0 } }).found;
  expect(found?.rule).toBe('restarts');
  const search = all({ question: { kind: 'restarts', more: 100 }, bound: 0 });
  expect(search.found).toEqual([]);
  expect(search.progress).toMatchObject({ complete: true, weight: 0, bound: 0 });
});

test('a search that is stopped and goes on does what one in one go does', () => {
  const options = { first: false, bound: 0, question: { kind: 'rule', rule: 'all' } } as const;
  const whole = all(options);
  const search = new Search({ ...base, ...options });
  for (let times = 0; !search.done; times++) {
    let asked = 0;
    search.run(() => ++asked > 1);
    expect(times).toBeLessThan(10_000);
  }
  expect(search.progress).toEqual(whole.progress);
});

test('a full set takes no more, says so, and keeps what it has', () => {
  const set = new StateSet(4);
  for (let i = 1; i <= 20; i++) set.add(i, i * 7);
  expect([set.size, set.full]).toEqual([14, true]);
  expect(set.add(1, 7)).toBe(false);
  const other = new StateSet(8);
  other.absorb(set.data());
  expect(other.size).toBe(14);
});

test('few rows explain all hits', () => {
  expect(fewest([['A', 'B'], ['B'], ['C', 'D'], ['D', 'E']])).toEqual(['B', 'D']);
});

test('a worker reports at most five times a second, is stopped and resumed, and says what it has', () => {
  const said: SearchReply[] = [];
  let time = 0;
  const todo: (() => void)[] = [];
  const driver = new Driver({ post: (r) => said.push(r), now: () => (time += 20), later: (what) => todo.push(what) });
  const work = (times: number): void => {
    for (let n = 0; n < times && todo.length > 0; n++) todo.shift()?.();
  };
  driver.hear({ kind: 'start', options: { ...base, first: false, bound: 0 } });
  work(1);
  driver.hear({ kind: 'stop' });
  work(1);
  const stopped = said.at(-1);
  expect(stopped).toMatchObject({ kind: 'progress', running: false });
  driver.hear({ kind: 'resume' });
  work(1000);
  expect(said.at(-1)).toMatchObject({ kind: 'progress', running: false, progress: { complete: true } });
  driver.hear({ kind: 'states' });
  const states = said.at(-1);
  expect(states?.kind === 'states' ? states.data[0].length : 0).toBe(2 ** base.stateBits);
});

test('a team finds what one worker finds, and counts each state once', async () => {
  const workers = 3;
  const options = { ...base, first: false, stateBits: 20 };
  const one = all(options);
  const drivers: Driver[] = [];
  const sends = Array.from({ length: workers }, (_, i) => (request: SearchRequest) => drivers[i]?.hear(request));
  const team = await new Promise<Team>((resolve, reject) => {
    const started: Team = new Team(options, sends, {
      told: () => started.running || resolve(started),
      failed: (message) => reject(new Error(message)),
    });
    for (let i = 0; i < workers; i++)
      drivers.push(
        new Driver({
          post: (reply) => started.hear(i, reply),
          now: () => performance.now(),
          later: (what) => setImmediate(what),
        }),
      );
    started.start();
  });
  const names = (found: readonly Found[]): string[] =>
    [...new Set(found.map((f) => `${f.rule} ${f.site} ${f.ledger.join()}`))].toSorted();
  expect(names(team.found)).toEqual(names(one.found));
  expect(team.progress).toMatchObject({
    complete: true,
    weight: 1,
    drafts: one.progress.drafts,
    states: one.progress.states,
    sites: one.progress.sites,
  });
  expect(await team.countStates()).toEqual({ distinct: one.progress.distinct, full: false });
});

test('with a rival, texts are compared by all the ends that they come to, not by what one schedule means on both', () => {
  const trier = new Trier(new StateSet(18));
  const scenario = scenarioById('freed-while-migrating')!;
  const differing = (revision: Revision): Shown[] => {
    const shown: Shown[] = [];
    trier.attempt(
      { scenario, strategy: 'unified', revision: 'v2' },
      '',
      1,
      { kind: 'differ', revision, fixes: [] },
      (s) => {
        shown.push(s);
        return false;
      },
    );
    return shown;
  };
  expect(differing('v2')).toEqual([]);
  const [first] = differing('fixed');
  expect(first).toMatchObject({ rule: 'differ', site: 'page table' });
  // The schedule leads there, and what the other text makes of it is another matter.
  const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2', schedule: first!.schedule! });
  expect(rec.length).toBe(first!.steps);
  expect(trier.cut).toBe(0);
  expect(() => new StateSet(2)).toThrow('at least 3');
});
