import { F } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { ptePfn, pte_none, pte_present, pte_protnone, pte_special, pte_write } from '../../machine/words/pte.ts';
import {
  PTE_MARKER_UFFD_WP,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_migration_entry,
  is_plain_swap,
  is_pte_marker,
  is_writable_device_private_entry,
  pteMarkerBits,
  swpPfn,
} from '../../machine/words/swp.ts';
import { is_zero_pfn } from '../common/folio.ts';
import { migration_entry_wait } from '../common/migrate.ts';
import { hmmDeviceBit } from '../common/migrate-pfn.ts';
import { pte_unmap, pte_unmap_unlock } from '../common/pgtable.ts';
import { EBUSY, EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { RANGE, WALK } from '../structs.ts';
import { flushPending } from './flush.ts';
import { hmm_vma_fault } from './fault.ts';
import {
  hmm_pte_need_fault,
  hmm_select_migrate,
  pfnIndex,
  putWord,
  waitsLater,
  walkPfns,
  walkRange,
  wordHi,
} from './pfns.ts';

const S = sites('hmm_vma_handle_pte', {
  enter: 'one PTE: report {a:page addr} or fault',
  none: 'nothing mapped',
  absent: 'not present',
  ownDevice: 'device-private memory of the asking device',
  notRequired: 'nobody requires it',
  swap: 'a swap slot: swap it in',
  foreignDevice: 'device-private memory of somebody else: fault it back',
  exclusive: 'a device-exclusive entry: fault',
  migrationWait: 'a migration entry: wait until it is gone',
  migrationLater: 'somebody else is migrating {a:page addr}: wait, but not with collected folios locked',
  migrationSkip: 'a migration entry while migrating: skipped',
  poison: 'an entry that can never be mapped: -EFAULT',
  present: 'a present entry',
  required: 'it does not satisfy the request: fault',
  special: 'a special mapping without a page',
  specialRequired: 'and it is required: -EFAULT',
  report: 'report it',
  unlock: 'unmap and unlock before the fault',
  exit: '',
});

/**
 * hmm_vma_handle_pte() (mm/hmm.c, series v2): reports one PTE, or faults.
 * Locks: the PTE lock when migrating, the mapped table in any case; both kept on 0, dropped otherwise.
 * @returns 0, -EBUSY (walk again), -EFAULT, -EPERM.
 */
export function* hmm_vma_handle_pte(
  k: Kernel,
  walk: number,
  addr: number,
  end: number,
  pmdp: number,
  ptep: number,
): Run<number> {
  const m = k.m;
  const enc = k.enc;
  enter(k, S.enter, addr, end, walk);
  const range = walkRange(k, walk);
  const arr = walkPfns(k, walk);
  const i = pfnIndex(k, walk, addr);
  const req = wordHi(k, arr, i);
  const inout = req & enc.INOUT;
  const lo = entryLo(m, ptep);
  const hi = entryHi(m, ptep);

  if (pte_none(lo, hi) || (is_pte_marker(lo, hi) && (pteMarkerBits(lo, hi) & PTE_MARKER_UFFD_WP) !== 0)) {
    at(k, S.none);
    const required = hmm_pte_need_fault(k, range, req, 0);
    if (required !== 0) return yield* fault(k, walk, addr, end, required);
    putWord(k, S.report, arr, i, 0, inout);
    return exit(k, S.exit, 0, walk, addr);
  }

  if (!pte_present(lo, hi)) {
    if (is_device_private_entry(lo, hi)) {
      const pfn = swpPfn(lo, hi);
      if (m.f(m.folioOf(pfn), F.OWNER) === m.obj.get(range + RANGE.OWNER)) {
        at(k, S.ownDevice);
        putWord(
          k,
          S.report,
          arr,
          i,
          pfn,
          inout | enc.VALID | hmmDeviceBit(k) | (is_writable_device_private_entry(lo, hi) ? enc.WRITE : 0),
        );
        return exit(k, S.exit, 0, walk, addr);
      }
    }
    const required = hmm_pte_need_fault(k, range, req, 0);
    if (required === 0) {
      at(k, S.notRequired);
      putWord(k, S.report, arr, i, 0, inout);
      return exit(k, S.exit, 0, walk, addr);
    }
    if (is_plain_swap(lo, hi)) {
      at(k, S.swap);
      return yield* fault(k, walk, addr, end, required);
    }
    if (is_device_private_entry(lo, hi)) {
      at(k, S.foreignDevice);
      return yield* fault(k, walk, addr, end, required);
    }
    if (is_device_exclusive_entry(lo, hi)) {
      at(k, S.exclusive);
      return yield* fault(k, walk, addr, end, required);
    }
    if (is_migration_entry(lo, hi)) {
      // RFC-13 is the first posting's way: it waits with whatever it has collected.
      if (hmm_select_migrate(k, range) === 0 || k.fixes.has('RFC-13')) {
        // v2 has an unlock here under "if (locked)"; it can never run.
        unmap(k, walk);
        m.obj.set(walk + WALK.LAST, addr);
        yield* migration_entry_wait(k, pmdp, addr);
        return exit(k, S.exit, -EBUSY, walk, addr);
      }
      if (waitsLater(k, range)) {
        at(k, S.migrationLater, addr);
        unmap(k, walk);
        m.obj.set(walk + WALK.WAIT_FOR, addr + 1);
        return exit(k, S.exit, -EBUSY, walk, addr);
      }
      at(k, S.migrationSkip);
      putWord(k, S.report, arr, i, 0, inout);
      return exit(k, S.exit, 0, walk, addr);
    }
    at(k, S.poison);
    unmap(k, walk);
    return exit(k, S.exit, -EFAULT, walk, addr);
  }

  const cpuFlags = pte_protnone(lo, hi) ? 0 : pte_write(lo, hi) ? enc.VALID | enc.WRITE : enc.VALID;
  const required = hmm_pte_need_fault(k, range, req, cpuFlags);
  if (required !== 0) {
    at(k, S.required);
    return yield* fault(k, walk, addr, end, required);
  }
  const pfn = ptePfn(lo, hi);
  if (pte_special(lo, hi) && !is_zero_pfn(m, pfn)) {
    at(k, S.special);
    if (hmm_pte_need_fault(k, range, req, 0) !== 0) {
      at(k, S.specialRequired);
      unmap(k, walk);
      return exit(k, S.exit, -EFAULT, walk, addr);
    }
    putWord(k, S.report, arr, i, 0, inout | enc.ERROR);
    return exit(k, S.exit, 0, walk, addr);
  }
  putWord(k, S.report, arr, i, pfn, inout | cpuFlags);
  return exit(k, S.exit, 0, walk, addr);
}

function unmap(k: Kernel, walk: number): void {
  const o = k.m.obj;
  if (o.get(walk + WALK.LOCKED) !== 0) {
    flushPending(k, S.unlock, walk);
    pte_unmap_unlock(k, S.unlock, o.get(walk + WALK.PTL));
    o.set(walk + WALK.LOCKED, 0);
  } else pte_unmap(k, S.unlock);
}

function* fault(k: Kernel, walk: number, addr: number, end: number, required: number): Run<number> {
  unmap(k, walk);
  const r = yield* hmm_vma_fault(k, addr, end, required, walk);
  return exit(k, S.exit, r, walk, addr);
}
