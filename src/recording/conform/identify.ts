import { type IdClass, classOfMeasured, pageOfLarge, splitName } from './page-ids.ts';

/** What the comparison asks the model about one of its own names. */
export interface ModelNames {
  classOf(name: string): IdClass;
  /** true when the page behind the name had been given back to its allocator by that step */
  freed(name: string, step: number): boolean;
  /** true when the folio had been put into a per-CPU LRU batch that no drain had emptied by that step */
  mayBeBatched(name: string, step: number): boolean;
}

/**
 * Matches measured names with the model's by their first meeting: from then on each must always meet
 * the other. One freedom is left, because the model never uses a frame twice and a kernel does: a
 * measured name whose page the model has freed may stand for a new page.
 */
export class Identify {
  private readonly toModel = new Map<string, string>();
  private readonly toMeasured = new Map<string, string>();
  private readonly heads = new Map<string, number>();
  private readonly names: ModelNames;

  constructor(names: ModelNames) {
    this.names = names;
  }

  /** True when the two texts say the same; `step` is the model's step. */
  sameText(measured: string, model: string, step: number): boolean {
    if (measured === model && !model.includes('@')) return true;
    const a = splitName(measured);
    const b = splitName(model);
    if (a.before !== b.before || a.after !== b.after) return false;
    if (a.id === '' || b.id === '') return a.id === b.id;
    return this.same(a.id, b.id, step);
  }

  /** See ModelNames. */
  mayBeBatched(model: string, step: number): boolean {
    return this.names.mayBeBatched(model, step);
  }

  private same(measured: string, model: string, step: number): boolean {
    const known = this.toModel.get(measured);
    if (known === model) return true;
    if (this.toMeasured.has(model)) return false;
    if (known !== undefined && !this.names.freed(known, step)) return false;
    if (classOfMeasured(measured) !== this.names.classOf(model)) return false;
    if (!this.sameHead(measured, model, known !== undefined)) return false;
    if (known !== undefined) this.toMeasured.delete(known);
    this.toModel.set(measured, model);
    this.toMeasured.set(model, measured);
    return true;
  }

  /** Pages of one large folio lie at their offsets from its first frame. */
  private sameHead(measured: string, model: string, reused: boolean): boolean {
    const part = pageOfLarge(measured);
    if (!part || reused) return true;
    const first = Number(model.slice(1)) - part.offset;
    const known = this.heads.get(part.head);
    if (known === undefined) this.heads.set(part.head, first);
    return known === undefined || known === first;
  }
}
