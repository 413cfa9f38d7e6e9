import { MAX_LINE } from './decode.ts';
import { KIND } from './kinds.ts';
import type { LineTable } from './lines.ts';
import { attributedName, isAttribution, isBrokenAttribution, quoteOf } from './quote.ts';

const TRAILER =
  /^(Cc|Fixes|Link|Closes|Message-I[Dd]|Change-Id|base-commit|prerequisite-\S+|[A-Z][a-z]+(?:-[a-z]+)*-by):\s/;
const INNER_HEADER = /^(From|Subject|Date|To|Cc):\s/;
const DIFFSTAT = /^\s?\S[^|]{0,200}\|\s+(\d{1,9}\s?[+-]*|Bin\b.*)$/;
const SUMMARY = /^\s?\d{1,9} files? changed\b/;
const GREETING = /^(hi|hello|hey|dear|good (morning|evening))\b[\w\s.-]{0,30}[,!.]?$/i;
const CLOSING =
  /^(thanks|thank you|regards|best|best regards|kind regards|cheers|br|thx|sincerely)\b[\w\s]{0,20}[,.!]?$|^--\s?\w{2,20}[.]?$/i;
const FOOTER = /^(More information about the .{1,80} mailing list|_{20,}|\S{1,60} mailing list$)/;
/** `git blame` style lines of the robots: commit, author, date, line number, code. */
const LISTING = /^[0-9a-f]{10,40} .{1,60}\d{4}-\d\d-\d\d\s+@?\d{1,7}(?: {1,2}|$)/;

/** Finds the quote depth of each line of a message's body. */
export function markDepth(table: LineTable, from: number, to: number): void {
  // Build robots mark errors with ">>"; theirs are no quotations.
  let robot = false;
  for (let i = from; i < to && !robot; i++) robot = /prefixed by >>/.test((table.text[i] ?? '').slice(0, 200));
  if (robot) return;
  for (let i = from; i < to; i++) {
    const { depth, skip } = quoteOf(table.text[i] ?? '');
    table.depth[i] = depth;
    table.skip[i] = skip;
  }
}

/** What the words around the diffs are. Runs after the diffs have been marked. */
export function markText(table: LineTable, from: number, to: number, reply: boolean, author: string): void {
  const deepest = deepestQuote(table, from, to);
  // Who speaks at each depth: an attribution names the person of the next.
  const names: (string | undefined)[] = [author];
  let signature = false;
  let begun = false;
  for (let i = from; i < to; i++) {
    const own = table.own(i);
    const depth = table.depth[i] ?? 0;
    if (table.kind[i] !== KIND.blank) {
      begun = true;
      continue;
    }
    if (own.trim() === '') continue;
    if (depth === 0 && /^-- ?$/.test(own) && isLastWord(table, i, to)) signature = true;
    const first = !begun;
    begun = true;
    table.kind[i] =
      signature && depth === 0
        ? KIND.signature
        : textKind(table, i, { depth, deepest, reply, author: names[depth] ?? '', first });
    if (table.kind[i] === KIND.attribution) {
      const broken = i + 1 < to && !isAttribution(own);
      names[depth + 1] = attributedName(broken ? `${own} ${table.own(i + 1)}` : own);
      if (broken) table.kind[++i] = KIND.attribution;
    }
  }
}

interface Context {
  readonly depth: number;
  readonly deepest: number;
  readonly reply: boolean;
  readonly author: string;
  readonly first: boolean;
}

function textKind(table: LineTable, i: number, c: Context): number {
  const own = table.own(i);
  if (own.length > MAX_LINE) return c.depth > 0 ? KIND.quote : c.reply ? KIND.comment : KIND.prose;
  const next = table.depth[i + 1] === c.depth ? table.own(i + 1) : '';
  if (isAttribution(own) || (next !== '' && isBrokenAttribution(own, next.slice(0, 400)))) return KIND.attribution;
  if (!c.reply) return postingKind(own, c.first);
  if (c.depth === 0 && LISTING.test(own)) {
    table.skip[i] = LISTING.exec(own)?.[0].length ?? 0;
    return KIND.listing;
  }
  if (c.depth > 0 && c.depth >= c.deepest) return KIND.quote;
  if (c.depth === 0 && FOOTER.test(own)) return KIND.signature;
  if (GREETING.test(own.trim()) || CLOSING.test(own.trim()) || isOwnName(own, c.author)) return KIND.courtesy;
  return KIND.comment;
}

function postingKind(own: string, first: boolean): number {
  if (own === '---') return KIND.rule;
  if (first && INNER_HEADER.test(own)) return KIND.header;
  if (TRAILER.test(own)) return KIND.trailer;
  if (DIFFSTAT.test(own) || SUMMARY.test(own)) return KIND.diffstat;
  return FOOTER.test(own) ? KIND.signature : KIND.prose;
}

/** "Matt", "--Mika", "Jordan.": the beginning of one of the author's names, alone on its line. */
function isOwnName(own: string, author: string): boolean {
  const word = own
    .trim()
    .replace(/^-+\s*/, '')
    .replace(/[.,]$/, '')
    .toLowerCase();
  if (word.length < 2 || word.length > 30) return false;
  const names = author.slice(0, 200).toLowerCase();
  return names.split(/[\s,<@.]+/).some((n) => n !== '' && n.startsWith(word)) || names.startsWith(word);
}

function deepestQuote(table: LineTable, from: number, to: number): number {
  let deepest = 0;
  for (let i = from; i < to; i++) deepest = Math.max(deepest, table.depth[i] ?? 0);
  return deepest;
}

/** Nothing but a signature's few lines follows. */
function isLastWord(table: LineTable, i: number, to: number): boolean {
  let words = 0;
  for (let j = i + 1; j < to && words <= 12; j++) if (table.own(j).trim() !== '') words++;
  return words <= 12;
}
