import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_NX_HI,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  _PAGE_UFFD_WP,
  _PAGE_USER,
  pmdLeafHi,
  pmdLeafLo,
  pteHi,
  pteLo,
  settleDirtyHi,
  settleDirtyLo,
} from '../machine/words/pte.ts';
import {
  _PAGE_SWP_EXCLUSIVE,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_MARKER_UFFD_WP,
  SWP_DEVICE_EXCLUSIVE,
  SWP_DEVICE_READ,
  SWP_DEVICE_WRITE,
  SWP_HWPOISON,
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  SWP_MIGRATION_WRITE,
  SWP_PTE_MARKER,
  swpHi,
  swpLo,
} from '../machine/words/swp.ts';
import type { Meaning } from './resolve.ts';
import type { ScenarioEntry, ScenarioVma } from './types.ts';

/** Makes the words of one stretch: everything but the page frame (or swap slot) is computed once. */
export interface WordMaker {
  readonly lo: (pfn: number) => number;
  readonly hi: (pfn: number) => number;
}

const SWAP_FILE = 0;
const MARKERS = { 'uffd-wp': PTE_MARKER_UFFD_WP, poisoned: PTE_MARKER_POISONED, guard: PTE_MARKER_GUARD } as const;
const MIGRATIONS = { r: SWP_MIGRATION_READ, rx: SWP_MIGRATION_READ_EXCLUSIVE, w: SWP_MIGRATION_WRITE } as const;

/**
 * The words of an entry's stretch.
 * @param child the copy in a forked process: not accessed, and a swap slot is nobody's own
 */
export function wordMaker(e: ScenarioEntry, means: Meaning, vma: ScenarioVma, child: boolean): WordMaker {
  switch (e.kind) {
    case 'present':
    case 'zero':
      return present(e, means, vma, child);
    case 'migration':
      return swapWord(
        MIGRATIONS[e.migration ?? (e.write === true ? 'w' : 'r')],
        swapBits(e),
        e.young === true && !child,
        e.dirty === true,
      );
    case 'device':
      return swapWord(e.write === true ? SWP_DEVICE_WRITE : SWP_DEVICE_READ, swapBits(e));
    case 'device-exclusive':
      return swapWord(SWP_DEVICE_EXCLUSIVE, swapBits(e));
    case 'hwpoison':
      return swapWord(SWP_HWPOISON, 0);
    case 'swap': {
      const exclusive = e.slot?.exclusive ?? means.sharedBy === 0;
      return swapWord(SWAP_FILE, swapBits(e) | (exclusive && !child ? _PAGE_SWP_EXCLUSIVE : 0));
    }
    case 'marker': {
      const bits = MARKERS[e.marker ?? 'guard'];
      const lo = swpLo(SWP_PTE_MARKER, bits, 0);
      const hi = swpHi(SWP_PTE_MARKER, bits, 0, 0);
      return { lo: () => lo, hi: () => hi };
    }
    case 'none':
    default:
      return { lo: () => 0, hi: () => 0 };
  }
}

function swapBits(e: ScenarioEntry): number {
  return (e.softDirty === true ? _PAGE_SWP_SOFT_DIRTY : 0) | (e.uffdWp === true ? _PAGE_SWP_UFFD_WP : 0);
}

function swapWord(type: number, flags: number, young = false, dirty = false): WordMaker {
  const y = young ? 1 : 0;
  const d = dirty ? 1 : 0;
  return { lo: (pfn) => swpLo(type, pfn, flags), hi: (pfn) => swpHi(type, pfn, y, d) };
}

function present(e: ScenarioEntry, means: Meaning, vma: ScenarioVma, child: boolean): WordMaker {
  // PAGE_NONE has neither P nor US nor NX; every other protection has P and US, and NX without x.
  let lo = means.protnone ? _PAGE_PROTNONE : _PAGE_PRESENT | _PAGE_USER;
  let hi = means.protnone || vma.perms[2] === 'x' ? 0 : _PAGE_NX_HI;
  if (e.write === true) lo |= _PAGE_RW;
  if (e.young === true && !child) lo |= _PAGE_ACCESSED;
  if (e.softDirty === true) lo |= _PAGE_SOFT_DIRTY;
  if (e.uffdWp === true) lo |= _PAGE_UFFD_WP;
  if (e.special === true || e.kind === 'zero') lo |= _PAGE_SPECIAL;
  if (e.level === 'pmd') lo |= _PAGE_PSE;
  if (e.dirty === true) {
    lo |= _PAGE_DIRTY;
    const before = lo;
    lo = settleDirtyLo(before, hi);
    hi = settleDirtyHi(before, hi);
  }
  return e.level === 'pmd'
    ? { lo: (pfn) => pmdLeafLo(pfn, lo), hi: (pfn) => pmdLeafHi(pfn, hi, lo) }
    : { lo: (pfn) => pteLo(pfn, lo), hi: (pfn) => pteHi(pfn, hi, lo) };
}
