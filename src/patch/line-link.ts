import { isDiffKind } from './read/kinds.ts';
import { ownText } from './read/lines.ts';
import { plainSubject } from './read/subject.ts';
import type { Message, PatchSet } from './read/types.ts';

/*
 * A line of a patch in the v= part of a link: `patch:mone+40example.org:1x2y3z:2`. The patch itself is never in a link.
 *
 *   m message id, s subject in short, d a diff without either   then a hash of path and line, then which of several alike
 */

/** Characters of an escaped message id at most: the whole has to fit a view. */
const MOST_ID = 150;
const LINK = /(?:^|,)patch:([msd])([\w.+-]{0,160}):([0-9a-z]{1,7})(?::(\d{1,6}))?(?:,|$)/;

/** What a link says of a line, as a part of its view; undefined for what is no line of a posted diff. */
export function lineLink(set: PatchSet, line: number): string | undefined {
  const message = set.messages[set.lines.message[line] ?? -1];
  const key = keyOf(set, line);
  if (message === undefined || key === undefined) return undefined;
  const nth = linesWith(set, message, key).indexOf(line);
  return `patch:${nameOf(message)}:${key}${nth > 0 ? `:${nth}` : ''}`;
}

/** Where a link's line is. */
export type LineFound =
  /** index of the line */
  | { readonly line: number }
  /** which patch it is about, in words, and whether that is loaded (then the line is not in it) */
  | { readonly patch: string; readonly loaded: boolean };

/** The line that a view names, in what is loaded (null = nothing); undefined when it names none. */
export function findLinked(set: PatchSet | null, view: string): LineFound | undefined {
  const [, kind = '', name = '', key = '', nth = '0'] = LINK.exec(view) ?? [];
  if (kind === '') return undefined;
  const messages = set?.messages.filter((m) => nameOf(m) === kind + name) ?? [];
  for (const m of messages) {
    const line = set === null ? undefined : linesWith(set, m, key)[Number(nth)];
    if (line !== undefined) return { line };
  }
  return { patch: inWords(kind, name), loaded: messages.length > 0 };
}

function inWords(kind: string, name: string): string {
  if (kind === 'm') return `the mail with Message-ID <${unescaped(name)}>`;
  return kind === 's'
    ? `the patch with the subject "${name.replaceAll('-', ' ')}"`
    : 'the diff that the link was made from';
}

/** Message id, else subject, in the characters of a view. */
function nameOf(m: Message): string {
  const id = m.id.trim().replace(/^<|>$/g, '');
  if (/^[\x21-\x7e]{1,150}$/.test(id)) {
    const name = escaped(id);
    if (name.length <= MOST_ID) return `m${name}`;
  }
  const words =
    plainSubject(m.subject)
      .toLowerCase()
      .match(/[a-z0-9_]+/g) ?? [];
  return words.length === 0 ? 'd' : `s${words.join('-').slice(0, 80)}`;
}

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.-]/g, (c) => `+${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const unescaped = (text: string): string =>
  text.replace(/\+([2-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function linesWith(set: PatchSet, m: Message, key: string): number[] {
  const out: number[] = [];
  for (let i = m.from; i < m.to; i++) if (keyOf(set, i) === key) out.push(i);
  return out;
}

/** Hash of the path and the line with its sign, without blanks at its end; undefined for what is no line of a posting. */
function keyOf(set: PatchSet, line: number): string | undefined {
  if (!isDiffKind(set.lines.kind[line] ?? 0)) return undefined;
  const file = set.files[set.hunks[set.lines.hunk[line] ?? -1]?.file ?? -1];
  if (file === undefined || file.quoted) return undefined;
  let h = 0x811c9dc5;
  const text = `${file.path}\n${ownText(set.lines, line).trimEnd()}`;
  // FNV-1a
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(36);
}
