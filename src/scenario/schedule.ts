import type { Parsed } from './parse.ts';

/*
 * A schedule as text. Wherever two or more actors could go on there is a choice, counted from 0. Left alone, whoever
 * ran goes on, and when it cannot, the first actor that can. A schedule names the choices that go another way:
 *
 *   12b3a    at choice 12 actor b goes on, and three choices later (at 16) actor a
 *
 * A number says how many choices go their own way first (none: 0 is left out), a letter who goes on then: a is the
 * walker, b the first rival. The empty schedule leaves everything alone.
 */

/** One choice that a schedule makes. */
export interface Switch {
  /** number of the choice, from 0 */
  readonly at: number;
  /** actor that goes on */
  readonly actor: number;
}

/** Characters of a schedule that are read at most. */
const MOST_TEXT = 20_000;
const LETTERS = 'abcdefgh';

/** Letter of an actor: a is the walker, b the first rival. */
export const actorLetter = (actor: number): string => LETTERS[actor] ?? '?';

/**
 * Reads a schedule. Never throws; the error names the place in the text.
 * @param path what the error calls the text
 */
export function parseSchedule(text: string, path = 'schedule'): Parsed<readonly Switch[]> {
  const wrong = (got: string, message: string): Parsed<readonly Switch[]> => ({
    error: [{ path, expected: 'numbers and letters a to h, such as 12b3a', got, message }],
  });
  if (text.length > MOST_TEXT)
    return wrong(`${text.length} characters`, `the schedule has ${text.length} characters: too many.`);
  const switches: Switch[] = [];
  const part = /(\d{0,7})([a-h])/y;
  let next = 0;
  while (part.lastIndex < text.length) {
    const from = part.lastIndex;
    const found = part.exec(text);
    if (!found) {
      const rest = text.slice(from, from + 20);
      const what = 'expected a number (or none) and an actor’s letter, a to h';
      return wrong(rest, `the schedule cannot be read at character ${from + 1}, "${rest}": ${what}.`);
    }
    const at = next + Number(found[1] ?? '');
    switches.push({ at, actor: LETTERS.indexOf(found[2] as string) });
    next = at + 1;
  }
  return { ok: switches };
}

/** The text of a schedule; the switches ascend by choice. */
export function formatSchedule(switches: readonly Switch[]): string {
  let text = '';
  let next = 0;
  for (const { at, actor } of switches) {
    text += `${at === next ? '' : at - next}${actorLetter(actor)}`;
    next = at + 1;
  }
  return text;
}

/**
 * The schedule that is the same up to choice `n`, where `actor` goes on; later choices are left alone, because
 * another run has other choices.
 * @throws {RangeError} when `schedule` cannot be read
 */
export function withChoice(schedule: string, n: number, actor: number): string {
  return formatSchedule([...before(schedule, n), { at: n, actor }]);
}

/** The schedule up to choice `n`, which and all later ones are left alone: undo. */
export function withoutChoice(schedule: string, n: number): string {
  return formatSchedule(before(schedule, n));
}

function before(schedule: string, n: number): readonly Switch[] {
  const read = parseSchedule(schedule);
  if (read.error !== undefined) throw new RangeError(read.error[0]?.message);
  return read.ok.filter((s) => s.at < n);
}
