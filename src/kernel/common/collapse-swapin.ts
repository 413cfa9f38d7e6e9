import { entryHi, entryLo } from '../../machine/page-table.ts';
import { pte_none, pte_present } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { lru_add_drain } from './folio.ts';
import { do_swap_page } from './memory-swap.ts';
import { pte_offset_map, pte_unmap } from './pgtable.ts';
import { VM_FAULT_ERROR, type VmFault } from './vm-fault.ts';

const S = sites('__collapse_huge_page_swapin', {
  enter: 'bring the pages of the 2 MiB at {a:page addr} in that are not there',
  map: 'map the PTE table, without its lock',
  vanished: 'the table has vanished',
  unmap: 'the entry is no page: let the table go',
  fault: 'page {a:page addr} is handled like a fault',
  failed: 'that failed ({a:hex fault})',
  drain: 'the pages that came in wait in the LRU batch, which holds a reference: empty it',
  exit: '',
});

/**
 * __collapse_huge_page_swapin() (mm/khugepaged.c): every entry that is neither empty nor present is handled like a
 * fault: swap, but device memory and migration entries, too. The mmap lock is held for reading. @returns success.
 */
export function* __collapse_huge_page_swapin(
  k: Kernel,
  mm: number,
  vma: number,
  pmd: number,
  haddr: number,
): Run<boolean> {
  const { m } = k;
  enter(k, S.enter, haddr, pmd, vma);
  let came = 0;
  for (let page = haddr; page < haddr + 512; page++) {
    if (k.concurrent) yield YIELD.OTHER;
    const pte = pte_offset_map(k, S.map, pmd, page);
    if (pte === 0) {
      at(k, S.vanished, page);
      exit(k, S.exit, 0);
      return false;
    }
    const [origLo, origHi] = [entryLo(m, pte), entryHi(m, pte)];
    pte_unmap(k, S.unmap);
    if (pte_none(origLo, origHi) || pte_present(origLo, origHi)) continue;
    at(k, S.fault, page);
    const [origPmdLo, origPmdHi] = [entryLo(m, pmd), entryHi(m, pmd)];
    const vmf: VmFault = { mm, vma, page, flags: 0, pmd, origPmdLo, origPmdHi, origLo, origHi };
    const fault = yield* do_swap_page(k, vmf);
    if ((fault & VM_FAULT_ERROR) !== 0) {
      at(k, S.failed, fault);
      exit(k, S.exit, 0);
      return false;
    }
    came++;
  }
  if (came > 0) lru_add_drain(k, S.drain);
  exit(k, S.exit, 1);
  return true;
}
