import { STRUCTS } from '../kernel/structs.ts';
import {
  A,
  A_STRIDE,
  AV,
  AV_STRIDE,
  BANK,
  D,
  D_STRIDE,
  F,
  F_STRIDE,
  G,
  MM,
  MM_STRIDE,
  P,
  P_STRIDE,
  SW,
  SW_STRIDE,
  T,
  T_STRIDE,
  V,
  V_STRIDE,
  ZONES,
} from '../machine/layout.ts';
import { factsOf, structRow } from './facts.ts';
import type { Format } from './format.ts';
import type { Recording } from './recording.ts';

/** One field of an object: its name in lower case and how its value is printed. */
export interface CellField {
  readonly name: string;
  readonly format: Format;
}

/** The objects of one bank: what they are and their fields by offset; holes are cells without a meaning. */
export interface CellLayout {
  readonly kind: string;
  readonly stride: number;
  readonly fields: readonly (CellField | undefined)[];
}

/** Formats of the fields that are not plain numbers, by `kind.field`. */
const FORMATS: Readonly<Record<string, Format>> = {
  'table.base': 'page',
  'table.parent': 'entry',
  'table.lock': 'holder',
  'table.live': 'bool',
  'table.spare': 'table',
  'folio.pfn': 'pfn',
  'folio.flags': 'folioflags',
  'folio.owner': 'owner',
  'folio.locker': 'holder',
  'folio.backing': 'pfn',
  'folio.live': 'bool',
  'page.folio': 'folio',
  'page.flags': 'pageflags',
  'page.data': 'hex',
  'vma.start': 'page',
  'vma.end': 'page',
  'vma.flags': 'vmaflags',
  'vma.live': 'bool',
  'mm.pgd': 'table',
  'mm.writer': 'holder',
  'anon_vma.writer': 'holder',
  'swap.data': 'hex',
  'swap.folio': 'folio',
  'device.present': 'bool',
  'device.fail_alloc': 'bool',
  'device.open': 'bool',
  'device.window_start': 'page',
  'machine.zero_pfn': 'pfn',
  'machine.huge_zero_pfn': 'pfn',
  'hmm_range.start': 'page',
  'hmm_range.end': 'page',
  'hmm_range.default_flags': 'flagshi',
  'hmm_range.pfn_flags_mask': 'flagshi',
  'hmm_range.owner': 'owner',
  'hmm_range.migrate': 'obj',
  'hmm_range.notifier': 'owner',
  'migrate_vma.vma': 'vma',
  'migrate_vma.start': 'page',
  'migrate_vma.end': 'page',
  'migrate_vma.owner': 'owner',
  'migrate_vma.flags': 'select',
  'migrate_vma.fault_page': 'pfn1',
  'hmm_vma_walk.range': 'obj',
  'hmm_vma_walk.last': 'page',
  'hmm_vma_walk.event_owner': 'owner',
  'hmm_vma_walk.event_start': 'page',
  'hmm_vma_walk.event_end': 'page',
  'hmm_vma_walk.vma': 'vma',
  'hmm_vma_walk.start': 'page',
  'hmm_vma_walk.end': 'page',
  'hmm_vma_walk.locked': 'bool',
  'hmm_vma_walk.pmdlocked': 'bool',
  'hmm_vma_walk.ptl': 'table',
  'hmm_vma_walk.walk_vma': 'vma',
  'hmm_vma_walk.event_started': 'bool',
  'hmm_migrate.vma': 'vma',
  'hmm_migrate.start': 'page',
  'hmm_migrate.end': 'page',
  'hmm_migrate.walk_vma': 'vma',
  'mmu_notifier_range.kind': 'event',
  'mmu_notifier_range.start': 'page',
  'mmu_notifier_range.end': 'page',
  'mmu_notifier_range.owner': 'owner',
};

function layout(kind: string, stride: number, offsets: Readonly<Record<string, number>>): CellLayout {
  const fields: (CellField | undefined)[] = Array.from({ length: stride }, () => undefined);
  for (const [key, at] of Object.entries(offsets)) {
    if (at >= stride) continue;
    const name = key.toLowerCase();
    fields[at] = { name, format: FORMATS[`${kind}.${name}`] ?? 'int' };
  }
  return { kind, stride, fields };
}

/** Layout of every bank made of equal objects, by bank id. The pt, words, ints and obj banks are told by their contents. */
export const CELL_LAYOUTS: Readonly<Partial<Record<number, CellLayout>>> = {
  [BANK.SCALAR]: layout('machine', G.COUNT, G),
  [BANK.TABLE]: layout('table', T_STRIDE, T),
  [BANK.FOLIO]: layout('folio', F_STRIDE, F),
  [BANK.VMA]: layout('vma', V_STRIDE, V),
  [BANK.MM]: layout('mm', MM_STRIDE, MM),
  [BANK.ACTOR]: layout('actor', A_STRIDE, A),
  [BANK.ANON_VMA]: layout('anon_vma', AV_STRIDE, AV),
  [BANK.SWAP]: layout('swap', SW_STRIDE, SW),
  [BANK.DEVICE]: layout('device', D_STRIDE, D),
  ...Object.fromEntries(Array.from({ length: ZONES }, (_, z) => [BANK.PAGE_SYSTEM + z, layout('page', P_STRIDE, P)])),
};

/** Layouts of the C structs in the obj bank by their size, which no two share. */
const STRUCT_LAYOUTS: ReadonlyMap<number, CellLayout> = new Map(
  Object.entries(STRUCTS).map(([name, fields]) => [
    fields['SIZE'] as number,
    layout(name, fields['SIZE'] as number, fields),
  ]),
);

/** The struct whose size this is; a struct of another size has no names. */
function structLayout(size: number): CellLayout {
  return STRUCT_LAYOUTS.get(size) ?? { kind: 'struct', stride: size, fields: [] };
}

/** A place in the obj bank taken apart. */
export interface StructCell {
  readonly layout: CellLayout;
  /** first cell, the struct's id */
  readonly id: number;
  readonly field: CellField | undefined;
}

/** Which struct and which field of it a cell of the obj bank is; undefined for a cell in none. */
export function structCell(rec: Recording, cell: number): StructCell | undefined {
  const facts = factsOf(rec);
  const at = structRow(facts, cell);
  if (at < 0) return undefined;
  const id = facts.objStart[at] as number;
  const size = facts.objSize[at] as number;
  // The cell behind a struct holds the size of the next one.
  if (cell >= id + size) return undefined;
  const layout = structLayout(size);
  return { layout, id, field: layout.fields[cell - id] };
}

/** A struct by its C name: `hmm_vma_walk`. */
export function structName(rec: Recording, id: number): string {
  return id === 0 ? 'NULL' : (structCell(rec, id)?.layout.kind ?? `struct ${id}`);
}
