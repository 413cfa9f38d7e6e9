import { V, V_STRIDE, VM } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  pmdPfn,
  pmd_none,
  pmd_trans_huge,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_soft_dirty,
  pte_special,
  pte_uffd_wp,
  pte_young,
} from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  is_swap_pmd,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpPfn,
  swpYoung,
} from '../../machine/words/swp.ts';
import { ENOMEM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, is_huge_zero_pfn, is_zero_pfn } from './folio.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { type EntryBits, mkPmdHi, mkPmdLo, mkPteHi, mkPteLo, protWritable } from './mk-entry.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_lock,
  pmdp_invalidate,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pmd_at,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';
import { isolateVmas, mmap_write_lock, mmap_write_unlock } from './vma-split.ts';

const S = sites('mprotect', {
  enter: 'new permissions for [{a:page start}, {b:page end})',
  lock: 'take the mmap lock for writing',
  gap: 'nothing is mapped there: -ENOMEM',
  flags: 'vma {a:vma} has its new permissions',
  unlock: 'drop the mmap lock',
  exit: '',
});
const C = sites('change_protection', {
  enter: 'the entries of [{a:page start}, {b:page end}) follow their VMA',
  start: 'tell the devices (PROTECTION_VMA)',
  split: 'only a part of the 2 MiB at {a:page addr}: split the PMD first',
  end: 'the event ends',
  flush: 'flush the TLB',
  exit: '',
});
const H = sites('change_huge_pmd', {
  lock: 'take the PMD lock',
  invalidate: 'take the huge entry away while it changes',
  set: 'write it with the new permissions',
  device: 'a writable entry of a device page becomes a readable one',
  unlock: 'drop the PMD lock',
});
const P = sites('change_pte_range', {
  lock: 'take the PTE lock',
  clear: 'take the entry away while it changes',
  set: 'write it with the new permissions',
  device: 'a writable entry of a device page becomes a readable one',
  migration: 'a writable migration entry becomes a readable one',
  unlock: 'drop the PTE lock',
});

/**
 * mprotect() (mm/mprotect.c) with read, write and execute bits of VM. VMAs are cut at both ends and not merged again.
 * @returns 0 or -ENOMEM when a part of the range is not mapped.
 */
export function* mprotect(k: Kernel, mm: number, start: number, end: number, perms: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, mm);
  yield* mmap_write_lock(k, S.lock, mm);
  let ret = 0;
  let from = start;
  for (const vma of isolateVmas(m, mm, start, end)) {
    if (vmaGet(m, vma, V.START) !== from) break;
    const flags = (vmaGet(m, vma, V.FLAGS) & ~(VM.READ | VM.WRITE | VM.EXEC)) | perms;
    at(k, S.flags, vma);
    m.vma.set(vma * V_STRIDE + V.FLAGS, flags);
    from = vmaGet(m, vma, V.END);
    yield* change_protection(k, vma, vmaGet(m, vma, V.START), from);
  }
  if (from < end) {
    at(k, S.gap);
    ret = -ENOMEM;
  }
  mmap_write_unlock(k, S.unlock, mm);
  return exit(k, S.exit, ret, start);
}

function* change_protection(k: Kernel, vma: number, start: number, end: number): Run<void> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  enter(k, C.enter, start, end, vma);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.PROTECTION_VMA, mm, start, end);
  mmu_notifier_invalidate_range_start(k, C.start, range);
  for (let addr = start; addr < end; ) {
    const next = Math.min(end, (addr | 511) + 1);
    const pmd = findEntry(m, mm, addr, 2);
    if (pmd !== 0 && !pmd_none(entryLo(m, pmd), entryHi(m, pmd))) {
      const huge = is_swap_pmd(entryLo(m, pmd), entryHi(m, pmd)) || pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd));
      if (huge && next - addr === HPAGE_PMD_NR) yield* change_huge_pmd(k, vma, pmd);
      else {
        if (huge) {
          at(k, C.split, addr);
          yield* __split_huge_pmd(k, vma, pmd, addr, false);
        }
        yield* change_pte_range(k, vma, pmd, addr, next);
      }
    }
    addr = next;
  }
  flush_tlb_range(k, C.flush, start, end);
  mmu_notifier_invalidate_range_end(k, C.end, range);
  exit(k, C.exit);
}

/** can_change_pte_writable(): an exclusive anonymous page is writable again at once; a shared page if it is dirty. */
function mayWrite(k: Kernel, vma: number, pfn: number, dirty: boolean): boolean {
  const flags = vmaGet(k.m, vma, V.FLAGS);
  if ((flags & VM.WRITE) === 0) return false;
  if ((flags & VM.SHARED) !== 0) return protWritable(k.m, vma) || dirty;
  return !is_zero_pfn(k.m, pfn) && !is_huge_zero_pfn(k.m, pfn) && PageAnonExclusive(k.m, pfn);
}

function bitsOf(k: Kernel, vma: number, pfn: number, lo: number, hi: number): EntryBits {
  return {
    write: mayWrite(k, vma, pfn, pte_dirty(lo, hi)),
    young: pte_young(lo, hi),
    dirty: pte_dirty(lo, hi),
    softDirty: pte_soft_dirty(lo, hi),
    uffdWp: pte_uffd_wp(lo, hi),
    special: false,
  };
}

function* change_huge_pmd(k: Kernel, vma: number, pmd: number): Run<void> {
  const m = k.m;
  const ptl = yield* pmd_lock(k, H.lock, pmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  if (pmd_trans_huge(lo, hi)) {
    const pfn = pmdPfn(lo, hi);
    const hugetlb = (vmaGet(m, vma, V.FLAGS) & VM.HUGETLB) !== 0;
    const bits = bitsOf(k, vma, pfn, lo, hi);
    if (hugetlb) bits.write = false;
    pmdp_invalidate(k, H.invalidate, pmd);
    set_pmd_at(k, H.set, pmd, mkPmdLo(m, vma, pfn, bits), mkPmdHi(m, vma, pfn, bits));
  } else if (is_writable_device_private_entry(lo, hi)) {
    const pfn = swpPfn(lo, hi);
    set_pmd_at(k, H.device, pmd, swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
  }
  spin_unlock(k, H.unlock, ptl);
}

function* change_pte_range(k: Kernel, vma: number, pmd: number, start: number, end: number): Run<void> {
  const m = k.m;
  const first = yield* pte_offset_map_lock(k, P.lock, pmd, start);
  if (first === 0) return;
  for (let pte = first; pte < first + (end - start); pte++) {
    const lo = entryLo(m, pte);
    const hi = entryHi(m, pte);
    if (pte_none(lo, hi)) continue;
    if (pte_present(lo, hi)) {
      const pfn = ptePfn(lo, hi);
      const bits = bitsOf(k, vma, pfn, lo, hi);
      bits.special = pte_special(lo, hi);
      ptep_get_and_clear(k, P.clear, pte);
      set_pte_at(k, P.set, pte, mkPteLo(m, vma, pfn, bits), mkPteHi(m, vma, pfn, bits));
    } else if (is_writable_device_private_entry(lo, hi)) {
      const pfn = swpPfn(lo, hi);
      set_pte_at(k, P.device, pte, swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
    } else if (is_writable_migration_entry(lo, hi)) {
      const type = SWP_MIGRATION_READ_EXCLUSIVE;
      const pfn = swpPfn(lo, hi);
      const hiWord = swpHi(type, pfn, swpYoung(lo, hi) ? 1 : 0, swpDirty(lo, hi) ? 1 : 0);
      set_pte_at(k, P.migration, pte, swpLo(type, pfn, lo & 0xfff), hiWord);
    }
  }
  pte_unmap_unlock(k, P.unlock, ptlOf(first));
}
