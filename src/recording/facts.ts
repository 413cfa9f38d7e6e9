import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK, F, F_STRIDE, T, T_STRIDE } from '../machine/layout.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';
import { indexAbove } from './ascending.ts';

/**
 * What never changes while a recording plays, whatever the position: where each folio was born and how large,
 * which table is which, which struct lies where. One pass over the journal; kept with the recording.
 */
export interface Facts {
  /** first page frame of each folio by id, 0 when it has none */
  readonly folioPfn: Int32Array;
  /** order each folio was born with */
  readonly folioOrder: Uint8Array;
  /** frame that backs a device-private folio, 0 when none */
  readonly folioBacking: Int32Array;
  /** level of each table by id (1 PTE … 4 PGD), 0 when there is no such table */
  readonly tableLevel: Uint8Array;
  /** first page that each table maps */
  readonly tableBase: Int32Array;
  readonly tableMm: Uint8Array;
  /** first cell of each struct in the obj bank, ascending */
  readonly objStart: Int32Array;
  /** its size in cells, by which kernel/structs.ts names it */
  readonly objSize: Int32Array;
  /** first value other than 0 of every cell of the obj bank: where arrays begin, which never changes later */
  readonly objFirst: Int32Array;
  /** step that made each struct of objStart, -1 for those made before the first step */
  readonly objStep: Int32Array;
}

/** Worked out once per recording. */
export const facts = new Derived<Facts>(gather);

/** The facts of a recording, worked out on the first call. */
export function factsOf(rec: Recording): Facts {
  return facts.of(rec);
}

function gather(rec: Recording): Facts {
  const { folio, table, obj, journal } = rec.machine;
  const folios = Math.floor(folio.cells.length / F_STRIDE);
  const tables = Math.floor(table.cells.length / T_STRIDE);
  const objFirst = obj.cells.slice();
  const objRow = new Int32Array(objFirst.length).fill(-1);
  const folioPfn = new Int32Array(folios);
  const folioOrder = new Uint8Array(folios);
  const folioBacking = new Int32Array(folios);
  const tableLevel = new Uint8Array(tables);
  const tableBase = new Int32Array(tables);
  const tableMm = new Uint8Array(tables);
  for (let f = 0, o = 0; f < folios; f++, o += F_STRIDE) {
    folioPfn[f] = folio.cells[o + F.PFN] as number;
    folioOrder[f] = folio.cells[o + F.ORDER] as number;
    folioBacking[f] = folio.cells[o + F.BACKING] as number;
  }
  for (let t = 0, o = 0; t < tables; t++, o += T_STRIDE) {
    tableLevel[t] = table.cells[o + T.LEVEL] as number;
    tableBase[t] = table.cells[o + T.BASE] as number;
    tableMm[t] = table.cells[o + T.MM] as number;
  }
  // The journal, last row first, so that the earliest value of a field wins.
  for (let i = journal.length - 1; i >= 0; i--) {
    const l = journal.loc[i] as number;
    const bank = l >>> LOC_BANK_SHIFT;
    if (bank !== BANK.FOLIO && bank !== BANK.TABLE && bank !== BANK.OBJ) continue;
    const index = l & LOC_INDEX_MASK;
    const value = (journal.old[i] as number) || (journal.neu[i] as number);
    if (bank === BANK.FOLIO) {
      const f = (index / F_STRIDE) | 0;
      const field = index % F_STRIDE;
      if (field === F.PFN) folioPfn[f] = value;
      else if (field === F.ORDER) folioOrder[f] = value;
      else if (field === F.BACKING) folioBacking[f] = value;
    } else if (bank === BANK.TABLE) {
      const t = (index / T_STRIDE) | 0;
      const field = index % T_STRIDE;
      if (field === T.LEVEL) tableLevel[t] = value;
      else if (field === T.BASE) tableBase[t] = value;
      else if (field === T.MM) tableMm[t] = value;
    } else {
      objFirst[index] = value;
      objRow[index] = i;
    }
  }
  const { objStart, objSize } = structs(objFirst);
  const objStep = objStart.map((id) => ((objRow[id - 1] as number) < 0 ? -1 : rec.stepOfRow(objRow[id - 1] as number)));
  return { folioPfn, folioOrder, folioBacking, tableLevel, tableBase, tableMm, objStart, objSize, objFirst, objStep };
}

/** Structs lie one after the other, each behind a cell with its size; cell 0 of the bank is not used. */
function structs(head: Int32Array): Pick<Facts, 'objStart' | 'objSize'> {
  const starts: number[] = [];
  const sizes: number[] = [];
  for (let o = 1; o < head.length && (head[o] as number) > 0; ) {
    starts.push(o + 1);
    sizes.push(head[o] as number);
    o += 1 + (head[o] as number);
  }
  return { objStart: Int32Array.from(starts), objSize: Int32Array.from(sizes) };
}

/** Row in objStart of the struct in which a cell of the obj bank lies, -1 when in none. */
export const structRow = ({ objStart }: Facts, cell: number): number => indexAbove(objStart, cell) - 1;
