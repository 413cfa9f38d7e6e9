import { defineLayout, type Field, flag, kernelNamed, type Layout, unused } from './field.ts';
import { type SoftleafKind, SWP_KINDS, SWP_KINDS_DP } from './swp-type.ts';

/*
 * Field tables of swap entries, hardware form (arch/x86/include/asm/pgtable_64.h) and the generic swp_entry_t
 * (include/linux/swapops.h). What the offset holds depends on the type, so there is a layout for each content.
 */

const TYPE_NAMES: Readonly<Record<SoftleafKind, string>> = {
  swap: 'a slot in a swap file',
  hwpoison: 'SWP_HWPOISON: a page with a memory failure',
  'migration-read': 'SWP_MIGRATION_READ: under migration, comes back read-only',
  'migration-read-exclusive': 'SWP_MIGRATION_READ_EXCLUSIVE: under migration, comes back read-only and exclusive',
  'migration-write': 'SWP_MIGRATION_WRITE: under migration, comes back writable',
  'device-private-write': 'SWP_DEVICE_WRITE: in device-private memory, writable',
  'device-private-read': 'SWP_DEVICE_READ: in device-private memory, read-only',
  'device-exclusive': 'SWP_DEVICE_EXCLUSIVE: a system page reserved for a device',
  marker: 'SWP_PTE_MARKER: no page, only marks on the address',
  'migration-device-read': 'a device-private page under migration, comes back read-only',
  'migration-device-read-exclusive': 'a device-private page under migration, comes back read-only and exclusive',
  'migration-device-write': 'a device-private page under migration, comes back writable',
};

/** Bits 59..63 with the names of one numbering. */
function typeField(bit: number, kinds: readonly SoftleafKind[]): Field {
  return { name: 'type', bit, width: 5, doc: 'swap type', values: kinds.map((kind) => TYPE_NAMES[kind]) };
}

const LOW_BITS: readonly Field[] = [
  flag(0, 'PRESENT', 'not a swap entry', 'not present'),
  ...kernelNamed('_PAGE_SWP_', [
    flag(1, 'SOFT_DIRTY', 'written since soft-dirty was last cleared', 'not soft-dirty'),
    flag(2, 'UFFD_WP', 'write-protected for userfaultfd', 'no userfaultfd protection'),
    flag(3, 'EXCLUSIVE', 'the swap slot belongs to this process alone', 'not marked exclusive'),
  ]),
  unused(4, 1, 'kept zero'),
  unused(5, 2, 'kept zero: the accessed and dirty bits of a present entry'),
  unused(7, 1, 'kept zero: would look like a huge page'),
  unused(8, 1, 'kept zero: would look like PROTNONE'),
];

function swapLayout(id: string, title: string, content: readonly Field[], kinds = SWP_KINDS): Layout {
  return defineLayout(id, title, [...LOW_BITS, ...content, typeField(59, kinds)]);
}

/** Inverted bits 9..58, holding one number. */
function offset(name: string, width: number, doc: string): Field {
  return { name, bit: 9, width, doc, inverted: true, hex: true };
}

/** A page frame of `bits` bits with young and dirty above it. */
function migrationContent(bits: number): readonly Field[] {
  return [
    offset('pfn', bits, 'page frame number, stored inverted'),
    flag(9 + bits, 'YOUNG', 'the replaced mapping was accessed', 'the replaced mapping was old', true),
    flag(10 + bits, 'DIRTY', 'the replaced mapping was dirty', 'the replaced mapping was clean', true),
    unused(11 + bits, 48 - bits, 'rest of the inverted offset', true),
  ];
}

const SLOT = [offset('offset', 50, 'slot in the swap file, stored inverted')];
const PAGE = [
  offset('pfn', 34, 'page frame number, stored inverted'),
  unused(43, 16, 'rest of the inverted offset', true),
];
const MARKER = [
  ...kernelNamed('PTE_', [
    flag(9, 'MARKER_UFFD_WP', 'write-protected for userfaultfd although nothing is mapped', 'no such mark', true),
    flag(10, 'MARKER_POISONED', 'access raises SIGBUS', 'no such mark', true),
    flag(11, 'MARKER_GUARD', 'a guard page: access raises SIGSEGV', 'no such mark', true),
  ]),
  unused(12, 47, 'rest of the inverted offset', true),
];

/** A slot in a swap file. */
export const SWAP_SLOT_LAYOUT = swapLayout('swap', 'swap entry', SLOT);
/** A migration entry with 4-level paging: 34 frame bits, then young and dirty. */
export const MIGRATION_LAYOUT = swapLayout('migration', 'migration entry', migrationContent(34));
/** A migration entry with 5-level paging: 40 frame bits, then young and dirty. */
export const MIGRATION_LA57_LAYOUT = swapLayout(
  'migration-la57',
  'migration entry, 5-level paging',
  migrationContent(40),
);
/** A device-private, device-exclusive or hwpoison entry: a page frame and nothing else. */
export const SWAP_PAGE_LAYOUT = swapLayout('swap-page', 'entry with a page', PAGE);
/** A marker. */
export const MARKER_LAYOUT = swapLayout('marker', 'marker', MARKER);

/** swp_entry_t: the architecture-independent form that swap code passes around. */
export const SWP_ENTRY_LAYOUT = defineLayout('swp-entry', 'swp_entry_t', [
  { name: 'offset', bit: 0, width: 58, doc: 'slot, page frame or marker bits', hex: true },
  typeField(58, SWP_KINDS),
]);

const DP_LAYOUTS = {
  slot: swapLayout('swap-dp', SWAP_SLOT_LAYOUT.title, SLOT, SWP_KINDS_DP),
  migration: swapLayout('migration-dp', MIGRATION_LAYOUT.title, migrationContent(34), SWP_KINDS_DP),
  page: swapLayout('swap-page-dp', SWAP_PAGE_LAYOUT.title, PAGE, SWP_KINDS_DP),
  marker: swapLayout('marker-dp', MARKER_LAYOUT.title, MARKER, SWP_KINDS_DP),
};

const LAYOUTS: typeof DP_LAYOUTS = {
  slot: SWAP_SLOT_LAYOUT,
  migration: MIGRATION_LAYOUT,
  page: SWAP_PAGE_LAYOUT,
  marker: MARKER_LAYOUT,
};

/** The layout for a swap entry of that kind; `dp` for the numbering of the device-private page frame series. */
export function swapLayoutOf(kind: SoftleafKind, dp = false): Layout {
  const set = dp ? DP_LAYOUTS : LAYOUTS;
  if (kind === 'swap') return set.slot;
  if (kind === 'marker') return set.marker;
  return kind.startsWith('migration') ? set.migration : set.page;
}

/** The swp_entry_t of a swap entry in hardware form, __pte_to_swp_entry(). */
export function swpEntryOf(word: bigint): bigint {
  return ((word >> 59n) << 58n) | BigInt.asUintN(50, ~word >> 9n);
}

/** The hardware form of a swp_entry_t, __swp_entry_to_pte(), with the low bits clear. */
export function swpHardwareOf(entry: bigint): bigint {
  const inverted = BigInt.asUintN(64, ~BigInt.asUintN(58, entry) << 14n) >> 5n;
  return ((entry >> 58n) << 59n) | inverted;
}
