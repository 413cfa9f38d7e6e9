import { subjectTag } from './subject.ts';

/** A message as it begins in an input; line numbers are indexes into the input's lines. */
export interface Start {
  /** first line that belongs to the message */
  readonly from: number;
  /** first line of its headers (after an mbox separator) */
  readonly headers: number;
  /** first line after the headers */
  readonly body: number;
  readonly form: 'mbox' | 'mail' | 'page' | 'bare';
  readonly fields: ReadonlyMap<string, string>;
}

const MBOX = /^From \S{1,200} .{0,80}\d{1,2}:\d{2}/;
const FIELD = /^([A-Za-z][A-Za-z0-9-]{0,60}):(?:\s|$)/;
const KNOWN = new Set(
  'from to cc subject date message-id received return-path delivered-to mime-version list-id content-type references in-reply-to reply-to sender x-mailer dkim-signature arc-seal'.split(
    ' ',
  ),
);

/** Finds where the messages of an input begin. The lines before the first belong to none. */
export function findMessages(lines: readonly string[]): Start[] {
  const first = lines.findIndex((l) => l.trim() !== '');
  if (first < 0) return [];
  if (isSeparator(lines, first)) return mbox(lines, first);
  if (isMail(lines, first)) return [mail(lines, first, first, 'mail')];
  const page = pageStarts(lines);
  if (page.length > 0) return page;
  return [{ from: 0, headers: 0, body: 0, form: 'bare', fields: new Map() }];
}

const isSeparator = (lines: readonly string[], i: number): boolean =>
  MBOX.test(head(lines, i)) && FIELD.test(head(lines, i + 1));

/** Patterns look at the beginning of a line only. */
const head = (lines: readonly string[], i: number): string => (lines[i] ?? '').slice(0, 400);

function mbox(lines: readonly string[], first: number): Start[] {
  const starts: Start[] = [];
  for (let i = first; i < lines.length; i++)
    if (isSeparator(lines, i)) {
      const start = mail(lines, i, i + 1, 'mbox');
      starts.push(start);
      i = start.body - 1;
    }
  return starts;
}

function isMail(lines: readonly string[], first: number): boolean {
  const name = FIELD.exec(head(lines, first))?.[1]?.toLowerCase() ?? '';
  if (!KNOWN.has(name) && !name.startsWith('x-')) return false;
  const { fields } = mail(lines, first, first, 'mail');
  return fields.size >= 2 && (fields.has('from') || fields.has('subject'));
}

/** Reads header fields until the first blank line; continued lines are joined. */
function mail(lines: readonly string[], from: number, headers: number, form: Start['form']): Start {
  const fields = new Map<string, string>();
  let last = '';
  let i = headers;
  for (; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') break;
    const field = FIELD.exec(head(lines, i));
    if (field) {
      last = (field[1] ?? '').toLowerCase();
      const value = line.slice((field[1] ?? '').length + 1).trim();
      if (!fields.has(last)) fields.set(last, value);
    } else if (/^[ \t]/.test(line) && last !== '') {
      const so = fields.get(last) ?? '';
      if (so.length < 4000) fields.set(last, `${so} ${line.trim()}`);
    } else break;
  }
  // A blank line ends the headers and belongs to them.
  const body = (lines[i] ?? '') === '' && i < lines.length ? i + 1 : i;
  return { from, headers, body, form, fields };
}

/** Lines of a page that are looked at after a subject for the author's line. */
const NEAR = 4;

/** Messages of a web page: a subject, then who wrote it and when, in the way of the archives people save from. */
function pageStarts(lines: readonly string[]): Start[] {
  const starts: Start[] = [];
  let free = 0;
  for (let i = 0; i < lines.length; i++) {
    const start = pageStart(lines, i, free);
    if (start === null) continue;
    starts.push(start);
    free = start.body;
    i = Math.max(i, start.body - 1);
  }
  return starts;
}

const LORE = /^From: (.{1,200}) @ (\d{4}-\d\d-\d\d\s+\d{1,2}:\d\d) UTC/;

function pageStart(lines: readonly string[], i: number, free: number): Start | null {
  const text = head(lines, i).trim();
  const lore = LORE.exec(text);
  if (lore) return loreStart(lines, i, free, lore[1] ?? '', lore[2] ?? '');
  if (!text.includes('[')) return null;
  const subject = text.replace(/^\* /, '');
  const plain = /^(re|aw|fwd?):/i.test(subject) || subject.startsWith('[');
  if (!plain || subjectTag(subject) === null) return null;
  const next = following(lines, i + 1);
  const a = head(lines, next[0] ?? -1).trim();
  const b = head(lines, next[1] ?? -1).trim();
  const posted = /^Posted by (.{1,100}?)(?: (\d.{1,60}|just now|yesterday))?$/.exec(a);
  if (posted) return found(i, (next[0] ?? i) + 1, subject, posted[1] ?? '', posted[2] ?? '');
  if (/^From:\s/.test(a) && /^Date:\s/.test(b))
    return found(i, (next[1] ?? i) + 1, subject, a.slice(5).trim(), b.slice(5).trim());
  // Pipermail: "Name name at host", then the date.
  if (/^.{1,120}\s\S{1,80} at \S{1,80}$/.test(a) && /\d{1,2}:\d\d:\d\d.{0,12}\d{4}$/.test(b))
    return found(i, (next[1] ?? i) + 1, subject, a.replace(/\s\S+ at \S+$/, ''), b);
  return null;
}

/** Indexes of the next lines that are not blank. */
function following(lines: readonly string[], from: number): number[] {
  const out: number[] = [];
  for (let i = from; i < lines.length && i < from + NEAR && out.length < 2; i++)
    if ((lines[i] ?? '').trim() !== '') out.push(i);
  return out;
}

function found(from: number, body: number, subject: string, author: string, date: string): Start {
  return {
    from,
    headers: from,
    body,
    form: 'page',
    fields: new Map([
      ['subject', subject],
      ['from', author],
      ['date', date],
    ]),
  };
}

/** The thread view of lore.kernel.org: the subject stands above a tree of the thread. */
function loreStart(lines: readonly string[], i: number, free: number, author: string, date: string): Start {
  let from = i;
  let subject = '';
  for (let j = i - 1; j >= Math.max(free, i - 400); j--) {
    const text = head(lines, j);
    if (!/^(\* )?((re|aw|fwd?): )*\[/i.test(text)) continue;
    from = j;
    subject = text.replace(/^\* /, '').trim();
    break;
  }
  let body = i + 1;
  while (body < lines.length && /^\s+(To|Cc|\+Cc|;)/.test(head(lines, body))) body++;
  return found(from, body, subject, author, date);
}
