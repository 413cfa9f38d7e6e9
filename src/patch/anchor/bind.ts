// The walk declares its sites when it is loaded.
// oxlint-disable-next-line import/no-unassigned-import
import '../../kernel/unified/migrate-vma-setup.ts';
import { type SiteInfo, allSites } from '../../machine/sites.ts';
import type { Hunk, PatchSet, Series } from '../read/types.ts';
import { type CFunction, type Side, functionsOf } from './functions.ts';
import { type Chain, type Reached, reach } from './match.ts';
import { SIGNATURES, type Signature } from './signatures.ts';

/** A site and the lines of the patch that are its statement. */
export interface Bound {
  readonly site: number;
  /** `function:label` */
  readonly name: string;
  /** lines of the table, ascending */
  readonly lines: readonly number[];
}

/** A site without a line, and why. */
export interface Unbound {
  readonly site: string;
  readonly reason: string;
}

/**
 * What binding found. `total` counts the sites that the posted text is expected to show: those of statements that the
 * series does not touch, or that only a fix switch adds, are in `outside`.
 */
export interface Binding {
  /** index of the series, -1 = the loaded text belongs to none */
  readonly series: number;
  readonly bound: readonly Bound[];
  readonly total: number;
  readonly ambiguous: readonly Unbound[];
  readonly unbound: readonly Unbound[];
  readonly outside: readonly Unbound[];
}

/** The sites of the unified model: those that have a signature. */
export function unifiedSites(): readonly SiteInfo[] {
  return allSites().filter((s) => Object.hasOwn(SIGNATURES, s.fn));
}

/** Binds the sites to each loaded series and gives the binding that explains most. */
export function bindSites(set: PatchSet): Binding {
  const all = [
    ...set.series.map((s) => bindSeries(set, s)),
    bindMessages(
      set,
      -1,
      set.messages.map((m) => m.index),
    ),
  ];
  return all.reduce((best, b) => (b.bound.length > best.bound.length ? b : best));
}

/** Binds the sites to one series: a later patch's text of a function counts before an earlier one's. */
export function bindSeries(set: PatchSet, series: Series): Binding {
  return bindMessages(set, series.index, [...series.patches, ...series.replies]);
}

function bindMessages(set: PatchSet, series: number, messages: readonly number[]): Binding {
  const texts = { after: functionsByName(set, messages, 'after'), before: functionsByName(set, messages, 'before') };
  const bound: Bound[] = [];
  const ambiguous: Unbound[] = [];
  const unbound: Unbound[] = [];
  const outside: Unbound[] = [];
  for (const s of unifiedSites()) {
    const name = `${s.fn}:${s.label}`;
    const signature = SIGNATURES[s.fn]?.[s.label];
    if (signature === undefined) unbound.push({ site: name, reason: 'no signature' });
    else if ('not' in signature) outside.push({ site: name, reason: signature.not });
    else {
      const found = bindSite(texts, s.fn, signature);
      if (found.lines !== null) bound.push({ site: s.id, name, lines: found.lines });
      else if ('kept' in signature)
        outside.push({ site: name, reason: 'the series leaves the statement as it is; no hunk shows it' });
      else (found.several ? ambiguous : unbound).push({ site: name, reason: found.reason });
    }
  }
  return { series, bound, total: bound.length + ambiguous.length + unbound.length, ambiguous, unbound, outside };
}

type Texts = Readonly<Record<Side, ReadonlyMap<string, readonly CFunction[]>>>;

/** The function has sites. */
const isModelled = (name: string): boolean => Object.hasOwn(SIGNATURES, name);

/** What the patches show of each function; the latest patch comes first. */
function functionsByName(set: PatchSet, messages: readonly number[], side: Side): Map<string, CFunction[]> {
  const out = new Map<string, CFunction[]>();
  const wanted = new Set(messages);
  const order = new Map(messages.map((m, i) => [m, i]));
  const files = set.files
    .filter((f) => !f.quoted && wanted.has(f.message) && f.path.endsWith('.c'))
    .toSorted((a, b) => (order.get(b.message) ?? 0) - (order.get(a.message) ?? 0));
  const hunksOf = new Map<number, Hunk[]>();
  for (const h of set.hunks) {
    const known = hunksOf.get(h.file);
    if (known) known.push(h);
    else hunksOf.set(h.file, [h]);
  }
  for (const file of files) {
    const hunks = hunksOf.get(file.index) ?? [];
    for (const fn of functionsOf(set, file, hunks, side, isModelled)) {
      if (!isModelled(fn.name)) continue;
      const known = out.get(fn.name);
      if (known) known.push(fn);
      else out.set(fn.name, [fn]);
    }
  }
  return out;
}

type Found =
  | { readonly lines: readonly number[] }
  | { readonly lines: null; readonly several: boolean; readonly reason: string };

/** A function may be there several times (a stub for other configurations): the first that has the statement counts. */
function bindSite(texts: Texts, fn: string, signature: Exclude<Signature, { not: string }>): Found {
  const side: Side = 'before' in signature ? 'before' : 'after';
  const chains = 'before' in signature ? signature.before : 'at' in signature ? signature.at : [];
  const candidates = texts[side].get(fn) ?? [];
  if (candidates.length === 0) return { lines: null, several: false, reason: 'the patch does not show the function' };
  let why: Found | null = null;
  for (const candidate of candidates.toSorted((a, b) => b.tokens.length - a.tokens.length)) {
    const found = anyChain(candidate, chains);
    if (found.lines !== null) return found;
    why ??= found;
  }
  return why ?? { lines: null, several: false, reason: 'no signature' };
}

function anyChain(fn: CFunction, chains: readonly Chain[]): Found {
  const lines = new Set<number>();
  let failed: Reached | null = null;
  for (const chain of chains) {
    const reached = reach(fn, chain);
    if (reached.lines !== null) for (const line of reached.lines) lines.add(line);
    else if (failed === null || reached.why === 'several') failed = reached;
  }
  if (lines.size > 0) return { lines: [...lines].toSorted((a, b) => a - b) };
  if (failed === null || failed.lines !== null) return { lines: null, several: false, reason: 'no signature' };
  const what = failed.step.replace(/^(\* |>>)/, '').replaceAll(' ', '');
  return failed.why === 'several'
    ? { lines: null, several: true, reason: `${what} stands more than once in ${fn.name}()` }
    : { lines: null, several: false, reason: `${what} is not where it was in ${fn.name}()` };
}
