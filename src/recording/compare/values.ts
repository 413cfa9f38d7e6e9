import { LOC_BANK_SHIFT } from '../../machine/journal.ts';
import { BANK } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { changesOf } from '../changes.ts';
import type { Format } from '../format.ts';
import type { Recording } from '../recording.ts';
import { siteTemplate } from '../template.ts';

/** Operands, as a bit set of a 1, b 2, c 4, that say what came of an op; the others say what it is done to. */
const RESULT = new Uint8Array(256);
for (const [op, bits] of [
  [OP.EXIT, 1],
  [OP.FOLIO_GET, 2],
  [OP.FOLIO_PUT, 2],
  [OP.FOLIO_TRYLOCK, 2],
  [OP.FOLIO_REMOVE_RMAP, 2],
  [OP.FOLIO_TRY_SHARE_ANON_RMAP, 2],
  [OP.FOLIO_ISOLATE_LRU, 6],
  [OP.FOLIO_PUTBACK_LRU, 2],
  [OP.FOLIO_ALLOC, 2],
  [OP.CLEAR_FLUSH_PTE, 4],
  [OP.SET_PMD_MIGRATION, 4],
  [OP.LOCK_PTE, 4],
  [OP.MAP_PTE, 2],
  [OP.LOCK_ANON_VMA, 2],
  [OP.FLUSH_TLB_RANGE, 2],
  [OP.NOTIFIER_START, 4],
  [OP.NOTIFIER_END, 4],
  [OP.INVALIDATE_CB, 4],
  [OP.INTERVAL_READ_BEGIN, 2],
  [OP.INTERVAL_CHECK_RETRY, 2],
  [OP.INTERVAL_READ_RETRY, 2],
  [OP.PFN_WRITE, 2],
  [OP.USER, 2],
] as const)
  RESULT[op] = bits;

/** Formats whose numbers mean the same in every recording of a scenario; the others are ids. */
const PLAIN: ReadonlySet<Format> = new Set<Format>(['int', 'bool', 'errno', 'page', 'addr', 'hex', 'select', 'event']);

/**
 * True when two steps that are the same event come to different values: what the op gives, the plain operands of the
 * site's text, the words written into page tables and arrays. Page frames count by the kind of memory, not by number.
 */
export function differInValues(x: Recording, i: number, y: Recording, j: number): boolean {
  const p = x.machine.log;
  const q = y.machine.log;
  const op = p.op[i] as number;
  const bits = op === OP.AT || op === OP.ENTER ? plainOperands(p.site[i] as number) : (RESULT[op] as number);
  // The texts of two sites may name other things.
  if (op === OP.AT || op === OP.ENTER ? p.site[i] === q.site[j] : true) {
    if ((bits & 1) !== 0 && p.a[i] !== q.a[j]) return true;
    if ((bits & 2) !== 0 && p.b[i] !== q.b[j]) return true;
    if ((bits & 4) !== 0 && p.c[i] !== q.c[j]) return true;
  }
  return !sameWordsRaw(x, i, y, j) && wordsText(x, i) !== wordsText(y, j);
}

const plain = new Map<number, number>();

function plainOperands(site: number): number {
  let bits = plain.get(site);
  if (bits === undefined) {
    bits = 0;
    for (const piece of siteTemplate(site))
      if ('operand' in piece && PLAIN.has(piece.format)) bits |= 1 << 'abc'.indexOf(piece.operand);
    plain.set(site, bits);
  }
  return bits;
}

const isWord = (loc: number): boolean => {
  const bank = loc >>> LOC_BANK_SHIFT;
  return bank === BANK.PT || bank === BANK.WORDS;
};

/** The quick look: the same halves of words in the same order. */
function sameWordsRaw(x: Recording, i: number, y: Recording, j: number): boolean {
  const p = x.machine.journal;
  const q = y.machine.journal;
  const iEnd = x.deltaEnd(i);
  const jEnd = y.deltaEnd(j);
  let r = x.deltaBegin(i);
  let s = y.deltaBegin(j);
  for (;;) {
    while (r < iEnd && !isWord(p.loc[r] as number)) r++;
    while (s < jEnd && !isWord(q.loc[s] as number)) s++;
    if (r === iEnd || s === jEnd) return r === iEnd && s === jEnd;
    if (p.neu[r] !== q.neu[s]) return false;
    r++;
    s++;
  }
}

/** Words that one step writes are compared one by one up to so many; a split writes 512. */
const MOST_WORDS = 1024;

function wordsText(rec: Recording, step: number): string {
  return changesOf(rec, step, MOST_WORDS)
    .filter((c) => c.bank === BANK.PT || c.bank === BANK.WORDS)
    .map((c) => withoutNumbers(c.neuText))
    .join('\n');
}

/** `present:S3 WY` → `present:S WY`: which frame of that memory it is differs with what was allocated before. */
export function withoutNumbers(text: string): string {
  return text.replace(/:(S|T|D|DT|C|CT|B)\d+/g, ':$1');
}
