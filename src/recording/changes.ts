import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK, ZONE_SHIFT } from '../machine/layout.ts';
import { intPlace, wordPlace } from './arrays.ts';
import { CELL_LAYOUTS, type CellField, structCell } from './cells.ts';
import { entryPlace, levelOfEntry } from './entry-name.ts';
import { formatValue } from './format.ts';
import { levelName, namesOf, tableText } from './names.ts';
import type { Recording } from './recording.ts';
import { layoutAt } from './word-layout.ts';
import { entryText, wordText } from './words-text.ts';
import { valueAt } from './writers.ts';

/** One thing that a step changed: a field of an object, or a 64-bit word. */
export interface Change {
  readonly bank: number;
  /** cell; of a word, its low half */
  readonly index: number;
  /** PTE, PMD, folio, table, page, vma, hmm_pfns, src, dst, hmm_vma_walk … */
  readonly kind: string;
  /** number of the object: folio, table, entry, index into the array, struct … */
  readonly id: number;
  /** the object in words: `PTE of page 3`, `folio S0`, `hmm_pfns[3]` */
  readonly subject: string;
  /** field in lower case, '' for a word */
  readonly field: string;
  readonly old: number;
  readonly neu: number;
  /** high halves, 0 for a field */
  readonly oldHi: number;
  readonly neuHi: number;
  readonly oldText: string;
  readonly neuText: string;
}

/** True for changes of objects that only count what other changes say. */
export const isBookkeeping = ({ kind }: Change): boolean => kind === 'machine' || kind === 'actor' || kind === 'ints';

interface Net {
  old: number;
  neu: number;
}

/**
 * What a step changed, in order of the first write to each: net effects only, the halves of a word joined.
 * The recording is not moved. @param limit give at most so many
 */
export function changesOf(rec: Recording, step: number, limit = Number.POSITIVE_INFINITY): Change[] {
  const { loc, old, neu } = rec.machine.journal;
  const nets = new Map<number, Net>();
  const end = step < 0 ? 0 : rec.deltaEnd(step);
  for (let i = step < 0 ? 0 : rec.deltaBegin(step); i < end; i++) {
    const l = loc[i] as number;
    const seen = nets.get(l);
    if (seen) seen.neu = neu[i] as number;
    else nets.set(l, { old: old[i] as number, neu: neu[i] as number });
  }
  const out: Change[] = [];
  for (const [l, net] of nets) {
    if (out.length >= limit) break;
    if (net.old === net.neu) continue;
    const bank = l >>> LOC_BANK_SHIFT;
    const index = l & LOC_INDEX_MASK;
    // The size of a struct is written when it is made: no field of it.
    if (bank === BANK.OBJ && structCell(rec, index) === undefined) continue;
    if (bank !== BANK.PT && bank !== BANK.WORDS) out.push(fieldChange(rec, step, bank, index, net));
    else if ((index & 1) === 0 || !changed(nets.get(l - 1))) out.push(wordChange(rec, step, bank, index & ~1, nets));
  }
  return out;
}

function changed(net: Net | undefined): boolean {
  return net !== undefined && net.old !== net.neu;
}

function wordChange(rec: Recording, step: number, bank: number, index: number, nets: ReadonlyMap<number, Net>): Change {
  const half = (cell: number): Net => {
    const net = nets.get(((bank << LOC_BANK_SHIFT) | cell) >>> 0);
    if (net) return net;
    const value = valueAt(rec, bank, cell, step);
    return { old: value, neu: value };
  };
  const lo = half(index);
  const hi = half(index + 1);
  const id = index >>> 1;
  const { frame } = namesOf(rec);
  let kind: string;
  let subject: string;
  let text: (lo: number, hi: number, at: number) => string;
  let number = id;
  if (bank === BANK.PT) {
    const level = levelOfEntry(rec, id);
    kind = levelName(level);
    subject = entryPlace(rec, id);
    text = (l, h) => entryText(l, h, level, frame);
  } else {
    const place = wordPlace(rec, id);
    kind = place?.array.kind ?? 'word';
    number = place?.index ?? id;
    subject = `${kind}[${number}]`;
    text = (l, h, at) => wordText(layoutAt(rec, id, at), l, h, rec.enc, frame);
  }
  return {
    bank,
    index,
    kind,
    id: number,
    subject,
    field: '',
    old: lo.old,
    neu: lo.neu,
    oldHi: hi.old,
    neuHi: hi.neu,
    oldText: text(lo.old, hi.old, step - 1),
    neuText: text(lo.neu, hi.neu, step),
  };
}

function fieldChange(rec: Recording, step: number, bank: number, index: number, net: Net): Change {
  const cell = cellOf(rec, bank, index);
  const format = cell.field?.format ?? 'int';
  // A page number in a struct that nobody has set is no page.
  const print = (v: number): string =>
    bank === BANK.OBJ && format === 'page' && v === 0 ? 'unset' : formatValue(rec, format, v, step);
  return {
    bank,
    index,
    kind: cell.kind,
    id: cell.id,
    subject: cell.subject,
    field: cell.field?.name ?? '',
    old: net.old,
    neu: net.neu,
    oldHi: 0,
    neuHi: 0,
    oldText: print(net.old),
    neuText: print(net.neu),
  };
}

/** Whose field a cell is. */
export interface CellName {
  readonly kind: string;
  readonly id: number;
  readonly subject: string;
  readonly field: CellField | undefined;
}

/** Names a cell of any bank but pt and words, where entries and array words are named. */
export function cellOf(rec: Recording, bank: number, index: number): CellName {
  if (bank === BANK.OBJ) {
    const at = structCell(rec, index);
    return at
      ? { kind: at.layout.kind, id: at.id, subject: at.layout.kind, field: at.field }
      : { kind: 'struct', id: index, subject: 'new struct', field: undefined };
  }
  if (bank === BANK.INTS) return { kind: 'ints', id: index, subject: intPlace(rec, index), field: undefined };
  const layout = CELL_LAYOUTS[bank];
  if (!layout) throw new RangeError(`bank ${bank} has no layout: expected one of layout.ts BANK`);
  const id = Math.floor(index / layout.stride);
  return {
    kind: layout.kind,
    id,
    subject: subjectOf(rec, bank, layout.kind, id),
    field: layout.fields[index % layout.stride],
  };
}

function subjectOf(rec: Recording, bank: number, kind: string, id: number): string {
  switch (kind) {
    case 'folio':
      return `folio ${namesOf(rec).folio(id)}`;
    case 'table':
      return tableText(rec, id);
    case 'page':
      return `page frame ${namesOf(rec).frame(((bank - BANK.PAGE_SYSTEM) << ZONE_SHIFT) | id)}`;
    case 'actor':
      return rec.actors[id] ?? `actor ${id}`;
    case 'machine':
      return 'machine';
    default:
      return `${kind} ${id}`;
  }
}
