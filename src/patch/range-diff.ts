import { type RangeHunk, diffOfDiffs } from './range-lines.ts';
import type { PatchText, Version } from './range-versions.ts';

/** A patch of one version and what became of it in the other. */
export interface RangePair {
  /** the same diff, changed, only in the older version, only in the newer one */
  readonly status: '=' | '!' | '<' | '>';
  /** place in the version from 1, 0 = not there */
  readonly oldNumber: number;
  readonly newNumber: number;
  readonly old: PatchText | null;
  readonly fresh: PatchText | null;
  /** the diff of the diffs, empty unless changed */
  readonly hunks: readonly RangeHunk[];
}

/** Two versions of a series, patch by patch. */
export interface RangeDiff {
  readonly from: string;
  readonly to: string;
  /** in the newer version's order; a patch that is gone stands where it was */
  readonly pairs: readonly RangePair[];
}

/** `2 ! 3  title`: places in both versions and what became of the patch. */
export function pairText(pair: RangePair): string {
  const place = (n: number): string => (n === 0 ? '-' : String(n));
  const before = pair.old?.title ?? '';
  const after = pair.fresh?.title ?? before;
  const was = before !== '' && before !== after ? ` (was: ${before})` : '';
  return `${place(pair.oldNumber)} ${pair.status} ${place(pair.newNumber)}  ${after}${was}`;
}

/** Share of changed lines in common from which two patches with different subjects are the same patch. */
const ALIKE = 0.5;

/**
 * Pairs the patches of two versions: by subject, the rest by files in common and the most changed lines in common. What
 * is compared are the diffs, without line numbers; commit messages are not.
 */
export function rangeDiff(from: Version, to: Version): RangeDiff {
  const partner = pairUp(from.patches, to.patches);
  const gone = new Set(from.patches.keys());
  for (const i of partner.values()) gone.delete(i);
  const pairs: RangePair[] = [];
  const placed = new Set<number>();
  let i = 0;
  const dropped = (): void => {
    for (; gone.has(i) || placed.has(i); i++) if (gone.has(i)) pairs.push(pairOf(from, i, to, -1));
  };
  for (const j of to.patches.keys()) {
    dropped();
    const with_ = partner.get(j) ?? -1;
    pairs.push(pairOf(from, with_, to, j));
    if (with_ >= 0) placed.add(with_);
  }
  dropped();
  return { from: from.label, to: to.label, pairs };
}

function pairOf(from: Version, i: number, to: Version, j: number): RangePair {
  const old = from.patches[i] ?? null;
  const fresh = to.patches[j] ?? null;
  const hunks = old === null || fresh === null ? [] : diffOfDiffs(old, fresh);
  const status = old === null ? '>' : fresh === null ? '<' : hunks.length === 0 ? '=' : '!';
  return { status, oldNumber: i + 1, newNumber: j + 1, old, fresh, hunks };
}

/** The older patch of each newer one, by place: by subject, the rest by what they change. */
export function pairUp(old: readonly PatchText[], fresh: readonly PatchText[]): Map<number, number> {
  const out = new Map<number, number>();
  const free = new Map(old.entries());
  const byTitle = new Map<string, number[]>();
  for (const [i, p] of old.entries())
    if (p.titled) byTitle.set(p.title.toLowerCase(), [...(byTitle.get(p.title.toLowerCase()) ?? []), i]);
  for (const [j, p] of fresh.entries()) {
    const i = p.titled ? byTitle.get(p.title.toLowerCase())?.shift() : undefined;
    if (i === undefined) continue;
    out.set(j, i);
    free.delete(i);
  }
  const bags = new Map([...free].map(([i, p]) => [i, bagOf(p)]));
  const found: { i: number; j: number; share: number }[] = [];
  for (const [j, p] of fresh.entries()) {
    if (out.has(j)) continue;
    const bag = bagOf(p);
    const paths = new Set(p.paths);
    for (const [i, q] of free) {
      if (!q.paths.some((path) => paths.has(path))) continue;
      const share = shareOf(bags.get(i) ?? new Map(), bag);
      // Diffs without a subject were put side by side by hand: a file in common is enough.
      if (share >= (p.titled || q.titled ? ALIKE : 0)) found.push({ i, j, share });
    }
  }
  for (const { i, j } of found.toSorted((a, b) => b.share - a.share || a.j - b.j || a.i - b.i))
    if (!out.has(j) && free.delete(i)) out.set(j, i);
  return out;
}

/** How often each added or removed line stands in a patch; blank ones say nothing. */
function bagOf(p: PatchText): Map<string, number> {
  const out = new Map<string, number>();
  for (const l of p.lines) if (/^[+-]\s*\S/.test(l)) out.set(l, (out.get(l) ?? 0) + 1);
  return out;
}

/** Lines in common, as a share of all lines of both: 0 … 1. */
function shareOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let both = 0;
  for (const [l, n] of a) both += Math.min(n, b.get(l) ?? 0);
  const sum = (bag: ReadonlyMap<string, number>): number => [...bag.values()].reduce((x, y) => x + y, 0);
  const all = sum(a) + sum(b);
  return all === 0 ? 0 : (2 * both) / all;
}
