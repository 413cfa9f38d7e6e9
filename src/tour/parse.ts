import { Problems, type ScenarioProblem } from '../scenario/error.ts';
import { type Parsed, parseJson, parseScenario, parseWith } from '../scenario/parse.ts';
import { scenarioById } from '../scenario/library/index.ts';
import { parseSchedule } from '../scenario/schedule.ts';
import { SWITCH_IDS } from '../scenario/revision.ts';
import { PlaceError, parsePlace } from './place.ts';
import { TourSchema } from './schema.ts';
import type { Tour, TourStop } from './types.ts';

/**
 * Reads a tour from JSON text, or from a value that came from JSON: its shape, the scenarios and switches that it names,
 * the words of its places. Whether the stops resolve only a replay tells (check.ts). Never throws.
 */
export function parseTour(input: unknown): Parsed<Tour> {
  const json = typeof input === 'string' ? parseJson(input) : { ok: input };
  if (json.error !== undefined) return json;
  const read = parseWith(TourSchema, json.ok);
  if (read.error !== undefined) return read;
  const problems = new Problems();
  const tour: Tour = read.ok;
  tour.stops.forEach((stop, i) => checkStop(stop, `stops[${i}]`, i === 0, problems));
  return problems.list.length > 0 ? { error: problems.list } : { ok: tour };
}

function checkStop(stop: TourStop, path: string, first: boolean, problems: Problems): void {
  const { run, question } = stop;
  if (run === undefined && first) {
    problems.add(`${path}.run`, 'a run', 'nothing', 'the first stop has to say its run: no stop is before it.');
  }
  if (run !== undefined) checkScenario(run.scenario, `${path}.run.scenario`, problems);
  for (const [n, id] of (run?.fixes ?? []).entries()) {
    if (SWITCH_IDS.has(id)) continue;
    problems.add(`${path}.run.fixes[${n}]`, 'a fix switch', id, `there is no fix switch ${id}.`);
  }
  const wrong = run?.schedule === undefined ? [] : (parseSchedule(run.schedule, `${path}.run.schedule`).error ?? []);
  for (const p of wrong) problems.add(p.path, p.expected, p.got, p.message);
  try {
    parsePlace(stop.at);
  } catch (error) {
    if (!(error instanceof PlaceError)) throw error;
    problems.add(`${path}.at`, 'a place', stop.at, error.message);
  }
  if (question !== undefined && 'ask' in question && question.right >= question.choices.length) {
    const expected = `at most ${question.choices.length - 1}`;
    const message = `the question has ${question.choices.length} choices, counted from 0: expected ${expected}, got ${question.right}.`;
    problems.add(`${path}.question.right`, expected, question.right, message);
  }
}

function checkScenario(scenario: unknown, path: string, problems: Problems): void {
  if (typeof scenario === 'string') {
    if (scenarioById(scenario) !== undefined) return;
    problems.add(path, 'a scenario of the library', scenario, `the library has no scenario "${scenario}".`);
    return;
  }
  const found: readonly ScenarioProblem[] = parseScenario(scenario).error ?? [];
  for (const p of found) problems.add(`${path}.${p.path}`, p.expected, p.got, p.message);
}
