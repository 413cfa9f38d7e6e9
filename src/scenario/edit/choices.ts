import type { EntryKind, ScenarioEntry } from '../types.ts';

/** One value of a field, in words. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly about: string;
}

/** A yes-or-no field. */
export interface Flag {
  readonly field: string;
  readonly title: string;
  readonly about: string;
}

/** A field that counts. */
export interface Count extends Flag {
  readonly max: number;
}

const choices = (rows: readonly (readonly [string, string, string])[]): readonly Choice[] =>
  rows.map(([value, title, about]) => ({ value, title, about }));
const flags = (rows: readonly (readonly [string, string, string])[]): readonly Flag[] =>
  rows.map(([field, title, about]) => ({ field, title, about }));

export const VMA_KINDS = choices([
  ['anon', 'anonymous', 'Private memory without a file (mmap with MAP_ANONYMOUS, the heap).'],
  ['shmem', 'shared memory', 'tmpfs or shared anonymous memory: its pages lie in a page cache.'],
  ['file', 'file', 'A mapped file: pages of the page cache; private writes make anonymous copies.'],
  ['hugetlb', 'hugetlb', 'Reserved huge pages: hmm can read them, migration passes over them.'],
  ['special', 'special', 'Memory of a driver without normal pages (VM_IO, VM_PFNMAP).'],
]);

export const VMA_FLAGS = flags([
  ['hugepage', 'hugepage', 'madvise(MADV_HUGEPAGE): faults may map 2 MiB at once.'],
  ['nohugepage', 'nohugepage', 'madvise(MADV_NOHUGEPAGE): faults map single pages only.'],
  ['mlocked', 'mlocked', 'mlock(): pages are never reclaimed.'],
  ['io', 'VM_IO', 'Device registers: hmm answers with an error entry or -EFAULT.'],
  ['pfnmap', 'VM_PFNMAP', 'Bare page frames without struct page.'],
  ['mixedmap', 'VM_MIXEDMAP', 'Bare frames and pages mixed.'],
  ['dontexpand', 'VM_DONTEXPAND', 'mremap() may not grow it; THP leaves it alone.'],
]);

export const ENTRY_KINDS = choices([
  ['none', 'none', 'Nothing is mapped.'],
  ['present', 'present', 'A page or a huge page in reach of the processor.'],
  ['zero', 'zero page', 'The shared page of zeros, read-only.'],
  ['swap', 'swap', 'Swapped out: a slot number stands in the entry.'],
  ['migration', 'migration', 'A migration entry that somebody else put there.'],
  ['device', 'device-private', 'The page is in device memory that the processor cannot reach.'],
  ['device-exclusive', 'device-exclusive', 'System memory lent to a device for atomic operations.'],
  ['hwpoison', 'hwpoison', 'Broken memory: a touch is answered with SIGBUS, hmm with -EFAULT.'],
  ['marker', 'marker', 'No page; the entry carries bits (uffd-wp, poisoned, guard).'],
]);

export const MIGRATION_KINDS = choices([
  ['r', 'read', 'The mapping was read-only and not exclusive.'],
  ['rx', 'read-exclusive', 'Read-only, but exclusive to the process.'],
  ['w', 'write', 'The mapping was writable.'],
]);

export const MARKERS = choices([
  ['guard', 'guard', 'MADV_GUARD_INSTALL'],
  ['uffd-wp', 'uffd-wp', 'userfaultfd write protection of an empty entry'],
  ['poisoned', 'poisoned', 'UFFDIO_POISON: a touch gives SIGBUS'],
]);

const ENTRY_FLAGS = flags([
  ['write', 'writable', 'The processor may write through this entry.'],
  ['young', 'young', 'The accessed bit: migration carries it over where it can.'],
  ['dirty', 'dirty', 'The dirty bit: when the entry goes, the folio becomes dirty.'],
  ['softDirty', 'soft-dirty', 'The tracking bit of /proc/PID/clear_refs.'],
  ['uffdWp', 'uffd-wp', 'Write protection by userfaultfd.'],
  ['protnone', 'protnone', 'NUMA hinting or PROT_NONE: present in truth, faulting in practice.'],
  ['special', 'special', 'A frame without a struct page (special VMAs only).'],
  ['mirrored', 'mapped by the device', 'The device’s own page table has it, too.'],
]);

/** The entry's own bits that mean something for a kind; the rest would be refused or do nothing. */
const FLAGS_OF: Readonly<Record<EntryKind, readonly string[]>> = {
  none: [],
  present: ['write', 'young', 'dirty', 'softDirty', 'uffdWp', 'protnone', 'special', 'mirrored'],
  zero: ['young', 'softDirty', 'uffdWp'],
  swap: ['softDirty', 'uffdWp'],
  migration: ['young', 'dirty', 'softDirty', 'uffdWp'],
  device: ['write', 'softDirty', 'uffdWp', 'mirrored'],
  'device-exclusive': ['write', 'softDirty', 'uffdWp'],
  hwpoison: [],
  marker: [],
};

/** Flags that a form offers for an entry. */
export function entryFlags(e: Pick<ScenarioEntry, 'kind'>): readonly Flag[] {
  return ENTRY_FLAGS.filter((f) => FLAGS_OF[e.kind].includes(f.field));
}

export const FOLIO_MEMORY = choices([
  ['system', 'system', 'RAM.'],
  ['private', 'device-private', 'Device memory that only the device reaches.'],
  ['coherent', 'device-coherent', 'Device memory that the processor reaches too.'],
]);

export const FOLIO_LRU = choices([
  ['list', 'on its list', 'As most pages are: it can be isolated.'],
  ['batch', 'in a per-CPU batch', 'Just added: a batch holds a reference until lru_add_drain().'],
  ['none', 'on no list', 'It cannot be isolated.'],
]);

export const FOLIO_FLAGS = flags([
  ['anon', 'anonymous', 'Not from a file; in a private mapping of a file this is a copy.'],
  ['exclusive', 'AnonExclusive', 'The page belongs to this process alone, so a write may reuse it.'],
  ['locked', 'locked', 'Somebody outside holds the folio lock, for ever.'],
  ['dirty', 'dirty', 'The folio itself is marked dirty.'],
  ['mlocked', 'mlocked', 'On the unevictable side, because of mlock().'],
]);

export const FOLIO_COUNTS: readonly Count[] = [
  { field: 'sharedBy', title: 'forked children', about: 'Processes made by fork() that map it as well.', max: 16 },
  { field: 'extraRefs', title: 'extra references', about: 'References that no mapping explains.', max: 1_000_000 },
  { field: 'pins', title: 'GUP pins', about: 'Pins of FOLL_PIN: long-lived use by DMA.', max: 1000 },
];

export const SELECTS = choices([
  ['SYSTEM', 'system memory', 'MIGRATE_VMA_SELECT_SYSTEM: pages of RAM are collected.'],
  ['DEVICE_PRIVATE', 'device-private', 'MIGRATE_VMA_SELECT_DEVICE_PRIVATE: pages of the device that asks.'],
  ['DEVICE_COHERENT', 'device-coherent', 'MIGRATE_VMA_SELECT_DEVICE_COHERENT: coherent pages of its owner.'],
  ['COMPOUND', 'compound', 'MIGRATE_VMA_SELECT_COMPOUND: huge folios whole.'],
]);

export const THP = choices([
  ['always', 'always', 'Faults map huge pages where they fit.'],
  ['madvise', 'madvise', 'Only where madvise(MADV_HUGEPAGE) asked for it.'],
  ['never', 'never', 'Faults map single pages.'],
]);

export const DEVICES = choices([
  ['0', 'device 0', 'device-private memory'],
  ['1', 'device 1', 'device-private memory'],
  ['2', 'device 2', 'device-coherent memory'],
  ['3', 'device 3', 'device-coherent memory'],
]);

export const RIVAL_CUES = choices([
  ['before-first-pmd-lock', 'before the first PMD lock', ''],
  ['before-first-pte-lock', 'before the first PTE lock', ''],
  ['before-copy', 'between setup and copy', ''],
  ['before-split', 'after the PTE lock is dropped for a split', ''],
  ['mmap-held', 'while the mmap lock is held', ''],
  ['before-unmap', 'between isolating and unmapping (2016)', ''],
]);
