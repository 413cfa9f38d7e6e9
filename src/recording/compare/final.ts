import { F, P, P_STRIDE, T, T_STRIDE, ZONE_SHIFT } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { PTRS_PER_TABLE, childTable, entryHi, entryLo } from '../../machine/page-table.ts';
import { pagesOf, wordArrays } from '../arrays.ts';
import { factsOf } from '../facts.ts';
import { namesOf } from '../names.ts';
import type { Recording } from '../recording.ts';
import { layoutAt } from '../word-layout.ts';
import { entryText, wordText } from '../words-text.ts';

/** Texts by page of the scenario; what is empty has none. */
export type PageTexts = ReadonlyMap<number, string>;

const FRAME_MASK = (1 << ZONE_SHIFT) - 1;

/**
 * The leaf entries of the process as the recording leaves them: `present:S 0x1003 WYD`, by page. A frame is named by its
 * kind of memory and what its page holds; which frame it is depends on what else was allocated. Huge pages say PMD.
 */
export function entriesAtEnd(rec: Recording): PageTexts {
  return atEnd(rec, () => {
    const { tableBase, tableLevel, tableMm } = factsOf(rec);
    const out = new Map<number, string>();
    const frame = kindAndData(rec);
    const m = rec.machine;
    for (let t = 1; t < tableLevel.length; t++) {
      if (tableLevel[t] !== 2 || tableMm[t] !== 1 || m.table.get(t * T_STRIDE + T.LIVE) === 0) continue;
      for (let slot = 0; slot < PTRS_PER_TABLE; slot++) {
        const pmd = t * PTRS_PER_TABLE + slot;
        const page = (tableBase[t] as number) + slot * PTRS_PER_TABLE - rec.origin;
        const text = entryText(entryLo(m, pmd), entryHi(m, pmd), 2, frame);
        if (text === 'table') ptesOf(rec, childTable(m, pmd), page, frame, out);
        else if (text !== 'none') out.set(page, `PMD ${text}`);
      }
    }
    return out;
  });
}

function ptesOf(
  rec: Recording,
  table: number,
  page: number,
  frame: (pfn: number) => string,
  out: Map<number, string>,
): void {
  const m = rec.machine;
  for (let slot = 0; slot < PTRS_PER_TABLE; slot++) {
    const pte = table * PTRS_PER_TABLE + slot;
    const lo = entryLo(m, pte);
    const hi = entryHi(m, pte);
    if (lo === 0 && hi === 0) continue;
    out.set(page + slot, entryText(lo, hi, 1, frame));
  }
}

/** `S 0x1003`: kind of memory and first word of the page, which for device memory lies in the system page behind it. */
function kindAndData(rec: Recording): (pfn: number) => string {
  const kind = kindOfFrame(rec);
  const m = rec.machine;
  return (pfn) => {
    const data = dataOf(m, pfn);
    return data === undefined ? kind(pfn) : `${kind(pfn)} 0x${(data >>> 0).toString(16)}`;
  };
}

function dataOf(m: Machine, pfn: number): number | undefined {
  const cell = (pfn & FRAME_MASK) * P_STRIDE + P.DATA;
  const cells = m.page[pfn >>> ZONE_SHIFT]?.cells;
  if (cells === undefined || cell >= cells.length) return undefined;
  const folio = m.folioOf(pfn);
  const backing = folio === 0 ? 0 : m.f(folio, F.BACKING);
  if (backing === 0) return cells[cell];
  const behind = backing + (pfn - m.f(folio, F.PFN));
  return m.page[behind >>> ZONE_SHIFT]?.cells[(behind & FRAME_MASK) * P_STRIDE + P.DATA];
}

/** `S3` → `S`, `T0+5` → `T+5`. */
function kindOfFrame(rec: Recording): (pfn: number) => string {
  const { frame } = namesOf(rec);
  return (pfn) => frame(pfn).replace(/^([A-Z]+)\d+/, '$1');
}

/** The arrays of a kind as the recording leaves them, by page; of several those about most pages, then the last. */
export function arrayAtEnd(rec: Recording, kind: 'hmm_pfns' | 'src' | 'dst'): PageTexts {
  return atEnd(rec, () => {
    const out = new Map<number, string>();
    const { objFirst } = factsOf(rec);
    let best: { start: number; first: number; length: number } | undefined;
    for (const array of wordArrays(rec)) {
      if (array.kind !== kind) continue;
      const { start, end } = pagesOf(array, objFirst);
      if (best === undefined || end - start >= best.length)
        best = { start: array.start, first: start - rec.origin, length: end - start };
    }
    if (best === undefined) return out;
    const frame = kindOfFrame(rec);
    const { words } = rec.machine;
    for (let i = 0; i < best.length; i++) {
      const lo = words.get((best.start + i) * 2);
      const hi = words.get((best.start + i) * 2 + 1);
      if (lo !== 0 || hi !== 0)
        out.set(best.first + i, wordText(layoutAt(rec, best.start + i, rec.length - 1), lo, hi, rec.enc, frame));
    }
    return out;
  });
}

/** Reads the machine as it is after the last step, and puts it back where it stood. */
function atEnd<T>(rec: Recording, read: () => T): T {
  const here = rec.position;
  rec.seek(rec.length - 1);
  try {
    return read();
  } finally {
    rec.seek(here);
  }
}
