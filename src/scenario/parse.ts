import * as v from 'valibot';
import { checkOperations } from './check-operations.ts';
import { checkScenario } from './check.ts';
import { Problems, type ScenarioProblem } from './error.ts';
import { LIMIT } from './limits.ts';
import { OperationsSchema, ScenarioSchema } from './schema.ts';
import type { Operation, Scenario } from './types.ts';

/** A scenario, or everything found wrong with the input (at most 20 problems). */
export type Parsed<T> =
  | { readonly ok: T; readonly error?: undefined }
  | { readonly ok?: undefined; readonly error: readonly ScenarioProblem[] };

/** Characters of JSON text that are read at most; a scenario of the largest size stays below. */
export const MOST_TEXT = 64 * 1024 * 1024;
/** With more entries than this, reading stops at the first problem. */
const MANY = 5000;

/** Reads a scenario from JSON text, or from a value that came from JSON. Never throws. */
export function parseScenario(input: unknown): Parsed<Scenario> {
  const json = typeof input === 'string' ? parseJson(input) : { ok: input };
  if (json.error !== undefined) return json;
  const tooMany = countEntries(json.ok);
  if (tooMany !== undefined) return { error: [tooMany] };
  const result = parseWith(ScenarioSchema, json.ok);
  if (result.error !== undefined) return result;
  const scenario: Scenario = result.ok;
  const problems = checkScenario(scenario);
  return problems.length > 0 ? { error: problems } : { ok: scenario };
}

/** Reads the operations of a run from a value that came from JSON. Never throws. */
export function parseOperations(value: unknown): Parsed<readonly Operation[]> {
  const result = parseWith(OperationsSchema, value);
  if (result.error !== undefined) return result;
  const problems = new Problems();
  checkOperations(result.ok, '', problems);
  return problems.list.length > 0 ? { error: problems.list } : { ok: result.ok };
}

/** Reads JSON; an error says line and column. Never throws. */
export function parseJson(text: string): Parsed<unknown> {
  if (text.length > MOST_TEXT) {
    const size = `${Math.round(text.length / 1e6)} MB`;
    const message = `the file has ${size}: at most ${MOST_TEXT / 1024 / 1024} MB are read.`;
    return { error: [{ path: '', expected: `at most ${MOST_TEXT} characters`, got: size, message }] };
  }
  try {
    return { ok: JSON.parse(text) as unknown };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const at = placeIn(text, why);
    const path = at === undefined ? '' : `line ${at.line}, column ${at.column}`;
    return { error: [{ path, expected: 'JSON', got: text.slice(0, 40), message: `this is not JSON: ${why}` }] };
  }
}

/** Line and column of the position that a JSON.parse() message names, if it names one. */
function placeIn(text: string, why: string): { line: number; column: number } | undefined {
  const position = /position (\d+)/.exec(why)?.[1];
  if (position === undefined) return undefined;
  const before = text.slice(0, Number(position)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function countEntries(value: unknown): ScenarioProblem | undefined {
  const { entries } = (value ?? {}) as { entries?: unknown };
  if (!Array.isArray(entries) || entries.length <= LIMIT.ENTRIES) return undefined;
  const message = `${entries.length} entries are too many: at most ${LIMIT.ENTRIES} stretches.`;
  return { path: 'entries', expected: `at most ${LIMIT.ENTRIES}`, got: String(entries.length), message };
}

/**
 * Checks a value against a schema; problems name the place as in `entries[3].folio.order`.
 * @param abortEarly stop at the first problem, because there could be very many
 */
export function parseWith<const S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  abortEarly = hasManyEntries(value),
): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, value, { abortEarly, abortPipeEarly: true });
  if (result.success) return { ok: result.output };
  const problems = new Problems();
  for (const issue of result.issues) problems.add(...explain(issue));
  return { error: problems.list };
}

function hasManyEntries(value: unknown): boolean {
  const { entries } = (value ?? {}) as { entries?: unknown };
  return Array.isArray(entries) && entries.length > MANY;
}

function explain(issue: v.BaseIssue<unknown>): [path: string, expected: string, got: string, message: string] {
  const path = pathOf(issue);
  const got = shorten(issue.received);
  const last = issue.path?.at(-1);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return [path, 'no such field', got, `the field ${String(last?.key)} is unknown here.`];
  }
  if (issue.received === 'undefined') return [path, 'a value', 'nothing', 'this field is missing.'];
  const expected = expectation(issue);
  return [path, expected, got, `expected ${expected}, got ${got}.`];
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  let path = '';
  for (const item of issue.path ?? []) {
    if (typeof item.key === 'number') path += `[${item.key}]`;
    else path += path === '' ? String(item.key) : `.${String(item.key)}`;
  }
  return path;
}

/** What was expected, in words. */
function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'regex') return issue.message;
  if (issue.type === 'integer') return 'a whole number';
  const expected = issue.expected ?? issue.message;
  const bound = /^([<>]=?)(.+)$/.exec(expected);
  if (bound !== null) {
    const how = { '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' }[bound[1] as '>='];
    return `${how} ${bound[2] ?? ''}`;
  }
  const named = { Array: 'a list', Object: 'an object', string: 'text', number: 'a number', boolean: 'true or false' }[
    expected
  ];
  return named ?? expected.replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
