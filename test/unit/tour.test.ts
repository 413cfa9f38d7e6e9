import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOUR_SCHEMA, tourSchemaText } from '../../scripts/schema.ts';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { checkTour } from '../../src/tour/check.ts';
import {
  changed,
  compact,
  inserted,
  moved,
  questionOf,
  questionText,
  removed,
  stopAt,
  tourOf,
  withRuns,
} from '../../src/tour/edit.ts';
import { TOURS } from '../../src/tour/library/index.ts';
import { parseTour } from '../../src/tour/parse.ts';
import { PlaceError } from '../../src/tour/place.ts';
import { placeOf, resolvePlace } from '../../src/tour/resolve.ts';
import { TOUR_SCHEMA_IS_THE_TYPE } from '../../src/tour/schema.ts';
import type { Tour } from '../../src/tour/types.ts';

const rec = runScenario({ scenario: scenarioById('mixed') as Scenario, strategy: 'unified', revision: 'v2' });

describe('places', () => {
  const at = (place: string): number => resolvePlace(rec, place);

  test.each([
    ['start', -1],
    ['end', rec.length - 1],
    ['hmm_vma_handle_pte', 31],
    ['second hmm_vma_handle_pte', 46],
    ['hmm_vma_handle_pte of page 3', 167],
    ['return of hmm_vma_fault', 129],
    ['last hmm_vma_walk_pmd:lock', 150],
    ['hmm_range_fault:again, then first lock', 150],
    ['hmm_vma_handle_migrate_prepare:trylock of page 3', 172],
    ['write of page 1', 59],
    ['hmm_vma_fault by walker', 49],
  ])('%s', (place, step) => expect(at(place)).toBe(step));

  test.each([
    ['12th hmm_range_fault', 'only 1 of them'],
    ['hmm_range_fault:nowhere', 'no site'],
    ['no_such_function', 'no function or landmark'],
    ['hmm_range_fault by munmap', 'there is walker'],
    ['umpteenth lock', 'no number'],
    ['lock of page three', 'no place'],
  ])('%s is refused with the reason', (place, why) => {
    expect(() => at(place)).toThrow(PlaceError);
    expect(() => at(place)).toThrow(why);
  });

  test('the words for a step lead back to it', () => {
    for (let step = -1; step < rec.length; step++) expect(at(placeOf(rec, step)), `step ${step}`).toBe(step);
  });
});

describe('the tours that ship', () => {
  for (const entry of TOURS) {
    test(entry.id, async () => {
      const tour = await entry.load();
      expect({ id: tour.id, title: tour.title, about: tour.about, minutes: tour.minutes }).toEqual({
        id: entry.id,
        title: entry.title,
        about: entry.about,
        minutes: entry.minutes,
      });
      expect(parseTour(JSON.parse(JSON.stringify(tour))).error).toBeUndefined();
      expect(checkTour(tour).filter((r) => r.problem !== undefined)).toEqual([]);
      expect(tour.stops.length).toBeGreaterThanOrEqual(6);
      expect(tour.stops.length).toBeLessThanOrEqual(15);
    });
  }
});

describe('a stop that no longer holds', () => {
  const broken = async (change: Partial<Tour['stops'][number]>): Promise<string | undefined> => {
    const tour = (await TOURS[0]?.load()) as Tour;
    return checkTour({ ...tour, stops: [{ ...(tour.stops[0] as Tour['stops'][number]), ...change }] })[0]?.problem;
  };

  test('names its place', async () => expect(await broken({ at: '9th finding' })).toContain('9th finding'));
  test('says what the step is', async () => expect(await broken({ at: 'end', expect: 'migr' })).toContain('no “migr”'));
  test('says which counter', async () => expect(await broken({ facts: { walks: 7 } })).toContain('walks = 7'));
});

describe('tour files', () => {
  const small = {
    format: 'walkscope-tour',
    version: 1,
    id: 'small',
    title: 'Small',
    about: '',
    goal: '',
    minutes: 1,
    stops: [{ title: 'One', run: { scenario: 'anon' }, at: 'end', note: 'Hello' }],
  };
  const stop = small.stops[0];
  const problems = (value: unknown): string[] => (parseTour(value).error ?? []).map((p) => `${p.path}: ${p.message}`);

  test('the published schema is current', () => {
    expect(TOUR_SCHEMA_IS_THE_TYPE).toBe(true);
    expect(readFileSync(TOUR_SCHEMA, 'utf8')).toBe(tourSchemaText(readFileSync('src/tour/types.ts', 'utf8')));
  });

  test('a small one is read', () => expect(parseTour(JSON.stringify(small)).ok).toEqual(small));

  test.each<[string, unknown, string]>([
    ['not JSON', '{', 'not JSON'],
    ['another version', { ...small, version: 2 }, 'version: expected 1'],
    ['no stops', { ...small, stops: [] }, 'stops:'],
    ['a first stop without a run', { ...small, stops: [{ title: 'One', at: 'end', note: '' }] }, 'stops[0].run:'],
    ['an unknown scenario', { ...small, stops: [{ ...stop, run: { scenario: 'nowhere' } }] }, 'no scenario "nowhere"'],
    ['a place nobody can read', { ...small, stops: [{ ...stop, at: 'somewhere over there' }] }, 'stops[0].at:'],
    ['an unknown switch', { ...small, stops: [{ ...stop, run: { scenario: 'anon', fixes: ['Z-99'] } }] }, 'Z-99'],
    [
      'a schedule nobody can read',
      { ...small, stops: [{ ...stop, run: { scenario: 'anon', schedule: 'x!' } }] },
      'stops[0].run.schedule',
    ],
    [
      'a right answer that is none',
      { ...small, stops: [{ ...stop, question: { ask: '?', choices: ['a', 'b'], right: 2, because: '.' } }] },
      'stops[0].question.right',
    ],
  ])('%s is refused', (_what, value, why) => expect(problems(value).join('\n')).toContain(why));
});

describe('writing a tour', () => {
  const spec = { scenario: scenarioById('mixed') as Scenario, strategy: 'unified', revision: 'v2' } as const;
  const at = (step: number) => stopAt(spec, rec, step, { closed: [] });
  const three = inserted(inserted(tourOf(at(10)), 0, at(20)), 1, { ...at(30), run: { scenario: 'anon' } });

  test('stops of any step are found again, with what they expect', () => {
    for (let step = -1; step < rec.length; step += 7) {
      expect(checkTour(tourOf(at(step)))[0]?.step, `step ${step}`).toBe(step);
    }
  });

  test('runs that repeat are left out of the file and stand again when it is edited', () => {
    const file = compact(three);
    expect(file.stops.map((s) => s.run !== undefined)).toEqual([true, false, true]);
    expect(withRuns(file)).toEqual(three);
    expect(parseTour(JSON.parse(JSON.stringify(file))).ok).toEqual(file);
  });

  test('a moved stop takes its run along', () => {
    const up = compact(moved(three, 2, -1));
    expect(up.stops.map((s) => s.run?.scenario)).toEqual(['mixed', 'anon', 'mixed']);
    expect(moved(three, 0, -1)).toBe(three);
    expect(removed(removed(removed(three, 0), 0), 0).stops).toHaveLength(1);
  });

  test('a question is written as text', () => {
    const q = { ask: 'Which?', choices: ['this', 'that'], right: 1, because: 'so' };
    expect(questionOf(questionText(q))).toEqual({ question: q });
    expect(questionOf({ ask: 'Which?', answers: 'one\ntwo', because: 'so' })).toEqual({
      missing: 'an asterisk before the right answer',
    });
    expect(changed(three, 0, { question: q }).stops[0]?.question).toEqual(q);
    expect('question' in (changed(changed(three, 0, { question: q }), 0, { question: undefined }).stops[0] ?? {})).toBe(
      false,
    );
  });
});
