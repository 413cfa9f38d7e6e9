import { Gaps } from '../gaps.ts';
import type { ScenarioEntry, ScenarioFolio } from '../types.ts';
import type { Shape } from './infer.ts';
import { AREA, type Span } from './span.ts';

/** A large folio whose pages are mapped one by one. */
interface Large {
  /** page that its first page has, or would have */
  readonly head: number;
  /** the mapping it lies in */
  readonly vma: Span;
  readonly folio: ScenarioFolio;
}

/** Collects entries in the order of their pages and joins neighbours that are equal. Pages are counted from address 0. */
export class Stretches {
  private readonly done: ScenarioEntry[] = [];
  private readonly large = new Map<number, Large>();
  private last: { shape: Shape; level: string; end: number; folio: number } | undefined;
  private readonly base: number;

  /** @param base page from address 0 that is page 0 of the scenario */
  constructor(base: number) {
    this.base = base;
  }

  add(shape: Shape, level: 'pte' | 'pmd', page: number, count: number): void {
    this.append(shape, { ...shape, page: page - this.base, count, level }, -1);
  }

  /**
   * Pages of a large folio, mapped one by one.
   * @param inFolio which page of the folio the first one is
   * @returns false when the folio cannot lie there: its pages are out of line
   */
  addLarge(shape: Shape, folio: number, inFolio: number, page: number, count: number, vma: Span): boolean {
    const known = this.large.get(folio);
    const head = page - inFolio;
    if (known !== undefined && known.head !== head) return false;
    // What is true of the folio as a whole was said when it came first.
    const whole = known?.folio ?? shape.folio ?? {};
    if (known === undefined) this.large.set(folio, { head, vma, folio: whole });
    const { exclusive, sharedBy } = shape.folio ?? {};
    const merged: ScenarioFolio = {
      ...(whole.anon !== undefined && { anon: whole.anon }),
      ...(whole.dirty === true && { dirty: true }),
      ...(whole.locked === true && { locked: true }),
      ...(whole.mlocked === true && { mlocked: true }),
      ...(exclusive !== undefined && { exclusive }),
      ...(sharedBy !== undefined && { sharedBy }),
      name: `folio ${folio}`,
      order: 9,
    };
    const at = inFolio === 0 ? {} : { folioPage: inFolio };
    this.append(shape, { ...shape, page: page - this.base, count, level: 'pte', folio: merged, ...at }, folio);
    return true;
  }

  /** All entries; pages of large folios that nothing maps are said to be empty, or they would count as mapped. */
  finish(): ScenarioEntry[] {
    if (this.large.size === 0) return this.done;
    const gaps = new Gaps(this.done);
    const empty: ScenarioEntry[] = [];
    for (const { head, vma } of this.large.values()) {
      const from = Math.max(head, vma.start) - this.base;
      const to = Math.min(head + AREA, vma.end) - this.base;
      for (const [page, end] of gaps.within(from, to))
        empty.push({ page, count: end - page, level: 'pte', kind: 'none' });
    }
    return [...this.done, ...withoutOverlaps(empty)].toSorted((a, b) => a.page - b.page);
  }

  private append(shape: Shape, entry: ScenarioEntry, folio: number): void {
    const { last } = this;
    const end = entry.page + entry.count;
    if (last?.shape === shape && last.level === entry.level && last.end === entry.page && last.folio === folio) {
      const before = this.done.at(-1) as ScenarioEntry;
      this.done[this.done.length - 1] = { ...before, count: before.count + entry.count };
      last.end = end;
      return;
    }
    this.done.push(entry);
    this.last = { shape, level: entry.level, end, folio };
  }
}

/** Folios that are out of line with the 2 MiB areas can leave the same page empty twice. */
function withoutOverlaps(entries: readonly ScenarioEntry[]): ScenarioEntry[] {
  const kept: ScenarioEntry[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const entry of entries.toSorted((a, b) => a.page - b.page)) {
    const page = Math.max(entry.page, end);
    const count = entry.page + entry.count - page;
    if (count <= 0) continue;
    kept.push({ ...entry, page, count });
    end = page + count;
  }
  return kept;
}
