import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';
import { BANK, F, F_STRIDE, ZONE_SHIFT } from '../../machine/layout.ts';
import { factsOf } from '../facts.ts';
import { nameTable } from '../names.ts';
import type { Recording } from '../recording.ts';

/**
 * Who is who among the folios of several recordings of one scenario. Folios of the initial memory have the same number in
 * all of them; a folio that the run allocated is known by the page for which it was allocated; a piece of a split folio
 * by the folio and its place in it.
 */
export class FolioKeys {
  private readonly born: readonly Int32Array[];
  private readonly own: Uint8Array;
  private readonly pfn: Int32Array;
  /** page for which a folio of the run was allocated; 0 and not `made` for the others */
  private readonly page: Int32Array;
  private readonly made: Uint8Array;
  private readonly rec: Recording;

  constructor(rec: Recording) {
    const { born, letter } = nameTable.of(rec);
    this.rec = rec;
    this.born = born;
    this.own = letter;
    this.pfn = factsOf(rec).folioPfn;
    this.page = new Int32Array(this.pfn.length);
    this.made = new Uint8Array(this.pfn.length);
  }

  /** Notes the folios that a step brings to life while its actor works on `page`. */
  follow(step: number, page: number): void {
    const { loc, neu } = this.rec.machine.journal;
    for (let i = this.rec.deltaBegin(step); i < this.rec.deltaEnd(step); i++) {
      const l = loc[i] as number;
      if (l >>> LOC_BANK_SHIFT !== BANK.FOLIO || neu[i] !== 1) continue;
      const index = l & LOC_INDEX_MASK;
      if (index % F_STRIDE !== F.LIVE) continue;
      const f = (index / F_STRIDE) | 0;
      this.made[f] = 1;
      this.page[f] = page;
    }
  }

  /** Two numbers that stand for a folio: who it or its whole is, and its place in that. */
  put(folio: number, out: [number, number]): void {
    const pfn = this.pfn[folio] ?? 0;
    if (this.own[folio] !== 0 || pfn === 0) {
      this.whole(folio, 0, out);
      return;
    }
    this.putFrame(pfn, out);
  }

  /** The same for a page frame. */
  putFrame(pfn: number, out: [number, number]): void {
    const f = this.born[pfn >>> ZONE_SHIFT]?.[pfn & FRAME_MASK] ?? 0;
    this.whole(f, f === 0 ? 0 : pfn - (this.pfn[f] as number), out);
  }

  private whole(folio: number, offset: number, out: [number, number]): void {
    out[0] =
      this.made[folio] === 1
        ? (this.page[folio] as number) * 8 + 1 + ((this.pfn[folio] as number) >>> ZONE_SHIFT)
        : folio * 8;
    out[1] = offset;
  }
}

const FRAME_MASK = (1 << ZONE_SHIFT) - 1;
