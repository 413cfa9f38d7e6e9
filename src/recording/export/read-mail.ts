import { decodeLink, type LinkState } from '../../scenario/link.ts';
import type { Parsed } from '../../scenario/parse.ts';
import { EMPTY_SCHEDULE, IN_LINK } from './head.ts';

/*
 * Reads back what print-mail.ts writes, also from a reply (`> ` in front) or with most of it trimmed away. The link says
 * all; without it the lines Scenario, Strategy, Kernel, Revision, Fixes, Operations and Schedule
 * do, unless one of them says that its value is in the link.
 */

/** Characters that are looked at for a link or the lines of a run. */
const MOST = 1_000_000;

const FIELDS = { Strategy: 's', Kernel: 'k', Revision: 'r', Fixes: 'f', Operations: 'o' } as const;

function bodyLines(text: string): string[] {
  return text
    .slice(0, MOST)
    .split(/\r?\n/)
    .map((line) => line.replace(/^(?:[ \t]*>)+ ?/, '').trimEnd());
}

/** The value of a `Name:` line with the lines that go on with it; `joint` stands between. Undefined when there is none. */
function field(lines: readonly string[], name: string, more: RegExp): string | undefined {
  const at = lines.findIndex((line) => line.startsWith(`${name}:`));
  if (at < 0) return undefined;
  let value = (lines[at] as string).slice(name.length + 1).trim();
  for (let i = at + 1; i < lines.length && more.test(lines[i] as string); i++) value += (lines[i] as string).trim();
  return value;
}

/** The fragment of the first link, put together again; undefined when there is none. */
function fragmentOf(lines: readonly string[]): string | undefined {
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('Link:')) continue;
    let value = line.slice('Link:'.length).trim();
    let i = at + 1;
    if (value === '') value = lines[i++]?.trim() ?? '';
    while (value.endsWith('\\') && i < lines.length) value = value.slice(0, -1) + (lines[i++] as string).trim();
    const hash = value.search(/#\d+\//);
    if (hash >= 0) return value.slice(hash);
  }
  return undefined;
}

/** True when the text looks like a report of this program: worth reading with readMail(). */
export function looksLikeMail(text: string): boolean {
  const lines = bodyLines(text);
  return fragmentOf(lines) !== undefined || lines.some((line) => /^Scenario: *\S/.test(line));
}

/**
 * The run and the step that a report is about. Never throws; an error names the line. A schedule that was changed by hand
 * contradicts the link: that is an error too, since it cannot be known which of the two is meant.
 */
export async function readMail(text: string): Promise<Parsed<LinkState>> {
  const lines = bodyLines(text);
  const schedule = scheduleOf(lines);
  const link = fragmentOf(lines);
  if (link === undefined && lines.some((line) => /^(Scenario|Operations):/.test(line) && line.endsWith(IN_LINK)))
    return wrong('', 'the line Link:', 'none', 'the run was too long for lines, and its link is missing.');
  const fragment = link ?? fragmentOfFields(lines, schedule);
  if (fragment === undefined)
    return wrong(
      '',
      'a line Link: or Scenario:',
      'neither',
      'the text has no line "Link:" with a Walkscope link, and no line "Scenario:".',
    );
  const read = await decodeLink(fragment);
  if (read.error !== undefined || schedule === undefined || schedule === read.ok.spec.schedule) return read;
  const linked = read.ok.spec.schedule ?? 'none';
  const message = `the line "Schedule:" and the link differ (${linked}): take away the link to use the line.`;
  return wrong('Schedule', linked, schedule.slice(0, 40), message);
}

function wrong(path: string, expected: string, got: string, message: string): Parsed<LinkState> {
  return { error: [{ path, expected, got, message }] };
}

function scheduleOf(lines: readonly string[]): string | undefined {
  const value = field(lines, 'Schedule', /^ {2}[0-9a-h]+$/);
  return value === EMPTY_SCHEDULE ? '' : value;
}

function fragmentOfFields(lines: readonly string[], schedule: string | undefined): string | undefined {
  const scenario = field(lines, 'Scenario', /(?!)/);
  if (scenario === undefined) return undefined;
  const parts = [`#1/${scenario}`];
  for (const [name, key] of Object.entries(FIELDS)) {
    const value = field(lines, name, name === 'Fixes' ? /^ {2}[A-Z0-9,-]+$/ : /(?!)/);
    if (value !== undefined) parts.push(`${key}=${value}`);
  }
  if (schedule !== undefined) parts.push(`c=${schedule}`);
  const steps = field(lines, 'Steps', /^ {2}\S/) ?? '';
  const number = /^\d+\b/.exec(steps)?.[0];
  // Mails of earlier versions counted from 0, and said so.
  if (number !== undefined) parts.push(`n=${Number(number) - (/counted from ?0/.test(steps) ? 0 : 1)}`);
  return parts.join('/');
}
