import { readFileSync } from 'node:fs';
import { parseLane } from '../scenario/lane.ts';
import { LIBRARY, scenarioById } from '../scenario/library/index.ts';
import { type Parsed, parseScenario } from '../scenario/parse.ts';
import { SWITCH_IDS } from '../scenario/revision.ts';
import type { RunSpec, Scenario } from '../scenario/types.ts';

/** Arguments that cannot be used; the message says why. Ends the command with exit code 2. */
export class UsageError extends Error {}

/** The value of an option that takes one of a few words. @throws {UsageError} that lists them */
export function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((x) => x === value);
  if (found === undefined) throw new UsageError(`${option} ${value}: expected ${allowed.join(', ')}`);
  return found;
}

/** Fix switches of an option's lists (`A,B`). @throws {UsageError} at an id that no switch has */
export function switchesFrom(option: string, lists: readonly string[]): readonly string[] {
  const ids = lists.flatMap((list) => list.split(',')).filter((id) => id !== '');
  const unknown = ids.find((id) => !SWITCH_IDS.has(id));
  if (unknown !== undefined) throw new UsageError(`${option}: ${unknown} is no switch of the ledger`);
  return ids;
}

/**
 * A way to run a scenario (scenario/lane.ts), in which `,` joins as + does.
 * @throws {UsageError} at a word that means nothing
 */
export function wayFrom(option: string, text: string, scenario: Scenario): { way: string; spec: RunSpec } {
  const way = text.replaceAll(',', '+');
  const read = parseLane(way, scenario);
  if (read.error !== undefined)
    throw new UsageError(`${option} ${text}: "${read.error.word}" is unknown; expected ${read.error.expected}`);
  return { way, spec: read.ok };
}

/** A scenario of the library, or one in a file. @throws {UsageError} */
export function scenarioFrom(what: string): Scenario {
  const shipped = LIBRARY.map((s) => s.id);
  return scenarioById(what) ?? fromFile(what, parseScenario, `a scenario of the library: ${shipped.join(' ')}`);
}

/**
 * What stands in a file, for an argument that is a known name or a file.
 * @param known what else it could have been, for the message
 * @throws {UsageError} when it cannot be opened or what it holds is wrong
 */
export function fromFile<T>(path: string, parse: (text: string) => Parsed<T>, known: string): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`"${path}" is neither a file that can be read nor ${known}`);
  }
  const parsed = parse(text);
  if (parsed.error === undefined) return parsed.ok;
  throw new UsageError(`${path}:\n${parsed.error.map((p) => `  ${p.path}: ${p.message}`).join('\n')}`);
}
