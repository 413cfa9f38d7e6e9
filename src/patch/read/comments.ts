import { KIND } from './kinds.ts';
import type { LineTable } from './lines.ts';
import { attributedName } from './quote.ts';
import type { Comment, Message } from './types.ts';

type Draft = { -readonly [K in keyof Comment]: Comment[K] };

/**
 * The remarks of a reply: stretches of words of one quote depth. Each hangs on the quoted line above it, or on the
 * comment above it when that is what it answers.
 */
export function findComments(table: LineTable, message: Message, firstIndex: number): Draft[] {
  const out: Draft[] = [];
  const names = attributedNames(table, message);
  // By depth: the last line of that depth that is not blank, and the last comment.
  const lastLine: number[] = [];
  const lastComment: number[] = [];
  let open: Draft | null = null;
  for (let i = message.body; i < message.to; i++) {
    const kind = table.kind[i] ?? 0;
    const depth = table.depth[i] ?? 0;
    if (kind === KIND.blank) continue;
    if (kind !== KIND.comment) {
      open = null;
      if (kind !== KIND.courtesy && kind !== KIND.attribution && kind !== KIND.signature) {
        lastLine[depth] = i;
        lastComment[depth] = -1;
        // A listing has no quote marks; what stands under it is about its line.
        if (kind === KIND.listing) lastLine[1] = i;
      }
      continue;
    }
    if (open !== null && open.depth === depth && open.to >= previousWord(table, i)) {
      open.to = i + 1;
      continue;
    }
    const above = deeperAbove(lastLine, depth);
    const answers = above < 0 ? -1 : (lastComment[table.depth[above] ?? 0] ?? -1);
    open = {
      index: firstIndex + out.length,
      message: message.index,
      author: names[depth] ?? (depth === 0 ? message.author : ''),
      depth,
      from: i,
      to: i + 1,
      text: '',
      on: answers >= 0 ? (out[answers - firstIndex]?.on ?? above) : above,
      target: -1,
      answers,
      same: -1,
    };
    out.push(open);
    lastLine[depth] = i;
    lastComment[depth] = open.index;
  }
  for (const c of out) c.text = wordsOf(table, c.from, c.to);
  return out;
}

/** The last deeper line that stands above, whichever depth it has. */
function deeperAbove(lastLine: readonly (number | undefined)[], depth: number): number {
  let above = -1;
  for (let d = depth + 1; d < lastLine.length; d++) above = Math.max(above, lastLine[d] ?? -1);
  return above;
}

/** End of the last line before `i` that has words. */
function previousWord(table: LineTable, i: number): number {
  let j = i;
  while (j > 0 && table.kind[j - 1] === KIND.blank) j--;
  return j;
}

function wordsOf(table: LineTable, from: number, to: number): string {
  const out: string[] = [];
  for (let i = from; i < to; i++) out.push(table.own(i).trimEnd());
  return out.join('\n').trim();
}

/** Who speaks at each depth: an attribution at depth d names the person of depth d + 1. */
function attributedNames(table: LineTable, message: Message): (string | undefined)[] {
  const names: (string | undefined)[] = [message.author];
  for (let i = message.body; i < message.to; i++) {
    if (table.kind[i] !== KIND.attribution) continue;
    const depth = (table.depth[i] ?? 0) + 1;
    const both = table.kind[i + 1] === KIND.attribution && table.depth[i + 1] === depth - 1;
    const name = attributedName(both ? `${table.own(i)} ${table.own(i + 1)}` : table.own(i));
    if (name !== '') names[depth] ??= name;
  }
  return names;
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Comments that stand in a reply to their own message again get the index of the first. */
export function linkRepeated(comments: Draft[]): void {
  const seen = new Map<string, number[]>();
  // The same words may be said of several lines, so the line they are about tells them apart.
  const keys = (c: Draft): string[] => [`${c.target} ${squeezed(c.text)}`, squeezed(c.text)];
  for (const c of comments)
    if (c.depth === 0)
      for (const key of keys(c)) {
        const known = seen.get(key);
        if (known) known.push(c.index);
        else seen.set(key, [c.index]);
      }
  for (const c of comments) {
    if (c.depth === 0) continue;
    for (const key of keys(c)) {
      const first = seen.get(key)?.find((i) => comments[i]?.message !== c.message);
      if (first === undefined) continue;
      c.same = first;
      c.author = comments[first]?.author ?? c.author;
      break;
    }
  }
}
