import { SWP_HWPOISON } from '../../machine/words/swp-type.ts';
import type { ScenarioEntry, ScenarioFolio, ScenarioVma } from '../types.ts';
import type { Capture, CaptureState, CaptureVma } from './types.ts';

/** An entry without its place. */
export type Shape = Omit<ScenarioEntry, 'page' | 'count' | 'level'>;

/** What a captured state means in one mapping. */
export interface Meant {
  /** undefined: there is nothing in the model for it */
  readonly shape: Shape | undefined;
  /** order of the folio behind it, as captured */
  readonly order: number;
  /** PAGEMAP_SCAN says that a PMD entry maps it, or it could not be otherwise */
  readonly pmd: boolean;
  /** more than one process maps the page, but how many is not known */
  readonly sharedUnknown: boolean;
}

const NOTHING: Meant = { shape: undefined, order: 0, pmd: false, sharedUnknown: false };

/** The first swap type that is no swap file; kernels differ in what the types from there on are. */
const FIRST_SPECIAL_TYPE = SWP_HWPOISON;

/**
 * Turns captured page states into entries. What /proc does not say is filled in by rules (see the README of public/capture):
 *
 * - an anonymous page with one mapping is exclusive; it is writable if its VMA is, unless soft-dirty tracking or
 *   userfaultfd has write-protected it;
 * - a page that fork shared is read-only and not exclusive;
 * - a page of a shared mapping is writable if its VMA is and, in a file, if it is dirty;
 * - a private mapping never maps the page cache writable;
 * - anonymous entries are dirty (unless the page was given up by MADV_FREE), entries are young unless nothing in the VMA was referenced.
 */
export class Inference {
  private readonly knows: (fact: Capture['missing'][number]) => boolean;

  constructor(c: Capture) {
    this.knows = (fact) => !c.missing.includes(fact);
  }

  /** What the state means in the mapping `vma`, which the scenario has as `as`. */
  mean(state: CaptureState, vma: CaptureVma, as: ScenarioVma): Meant {
    const { map } = state;
    if (map.includes('present')) return this.present(state, vma, as);
    if (as.kind === 'hugetlb') return NOTHING;
    if (map.includes('guard')) return { ...NOTHING, shape: { kind: 'marker', marker: 'guard' } };
    if (!map.includes('swapped')) {
      return map.includes('uffd-wp') ? { ...NOTHING, shape: { kind: 'marker', marker: 'uffd-wp' } } : NOTHING;
    }
    if ((state.swapType ?? 0) < FIRST_SPECIAL_TYPE) return as.perms.endsWith('p') ? swapped(state, vma) : NOTHING;
    return map.includes('uffd-wp') ? { ...NOTHING, shape: { kind: 'marker', marker: 'uffd-wp' } } : NOTHING;
  }

  private present(state: CaptureState, vma: CaptureVma, as: ScenarioVma): Meant {
    const young = vma.smaps === undefined || (vma.smaps['Referenced'] ?? 0) > 0;
    const bits = { ...(young && { young }), ...trackingBits(state) };
    if (as.kind === 'special') return { ...NOTHING, shape: { kind: 'present', special: true, ...bits } };
    const zero = state.map.includes('zero') || state.flags?.includes('zero') === true;
    const pmd = as.kind === 'hugetlb' || state.map.includes('pmd');
    if (zero) {
      const huge = pmd || (state.flags?.includes('thp') ?? false);
      return as.kind === 'anon' ? { ...NOTHING, shape: { kind: 'zero', ...bits }, pmd: huge } : NOTHING;
    }
    const anon = as.perms.endsWith('p') && (as.kind === 'anon' || this.isAnon(state));
    const maps = state.maps ?? (state.map.includes('exclusive') ? 1 : 2);
    const ksm = state.flags?.includes('ksm') === true;
    const exclusive = anon && maps <= 1 && !ksm;
    const write = this.isWritable(state, as, anon, exclusive);
    const dirty = anon ? state.flags?.includes('swapbacked') !== false : write && isDirty(state);
    const folio = { ...folioOf(state, as, anon), exclusive, ...(maps > 1 && !ksm && { sharedBy: maps - 1 }) };
    return {
      shape: { kind: 'present', ...(write && { write }), ...bits, ...(dirty && { dirty }), folio },
      order: as.kind === 'hugetlb' ? 9 : (state.order ?? 0),
      pmd,
      sharedUnknown: state.maps === undefined && maps > 1,
    };
  }

  private isAnon(state: CaptureState): boolean {
    return state.flags === undefined ? !state.map.includes('file-or-shared') : state.flags.includes('anon');
  }

  private isWritable(state: CaptureState, as: ScenarioVma, anon: boolean, exclusive: boolean): boolean {
    if (as.perms[1] !== 'w' || state.map.includes('uffd-wp')) return false;
    const protectedByTracking = this.knows('soft-dirty') && !state.map.includes('soft-dirty');
    if (protectedByTracking) return false;
    if (anon) return exclusive;
    if (as.perms.endsWith('p')) return false;
    return as.kind !== 'file' || isDirty(state);
  }
}

function isDirty(state: CaptureState): boolean {
  return state.flags?.includes('dirty') === true;
}

function trackingBits(state: CaptureState): { softDirty?: boolean; uffdWp?: boolean } {
  return {
    ...(state.map.includes('soft-dirty') && { softDirty: true }),
    ...(state.map.includes('uffd-wp') && { uffdWp: true }),
  };
}

function folioOf(state: CaptureState, as: ScenarioVma, anon: boolean): ScenarioFolio {
  const has = (flag: NonNullable<CaptureState['flags']>[number]): boolean => state.flags?.includes(flag) === true;
  // A page that is on no list although it could be waits in a per-CPU batch.
  const batch = state.flags !== undefined && !has('lru') && !has('unevictable') && (state.order ?? 0) === 0;
  return {
    ...(as.kind !== 'anon' && as.perms.endsWith('p') && as.kind !== 'hugetlb' && { anon }),
    ...(has('dirty') && { dirty: true }),
    ...(has('locked') && { locked: true }),
    ...(has('mlocked') && { mlocked: true }),
    ...(batch && as.kind !== 'hugetlb' && { lru: 'batch' as const }),
  };
}

/** Who shares a swap slot is known for the VMA as a whole: SwapPss counts each slot by its share. */
function swapped(state: CaptureState, vma: CaptureVma): Meant {
  const swap = vma.smaps?.['Swap'] ?? 0;
  const share = vma.smaps?.['SwapPss'] ?? swap;
  const sharedBy = share > 0 ? Math.max(0, Math.round(swap / share) - 1) : 0;
  const slot = sharedBy > 0 ? { exclusive: false, sharedBy } : { exclusive: true };
  return { ...NOTHING, shape: { kind: 'swap', ...trackingBits(state), slot } };
}
