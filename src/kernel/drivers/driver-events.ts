import { V } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { vmasIn } from '../common/vma-split.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at } from '../kernel.ts';
import { svm_migrate_vma_to_ram, svm_range_restore_pages } from './amdkfd.ts';
import { dmirror_device_remove_chunks } from './dmirror-release.ts';
import { drm_pagemap_evict_to_ram } from './drm-pagemap.ts';
import { nouveau_dmem_evict_chunk, nouveau_dmem_migrate_vma, nouveau_range_fault } from './nouveau.ts';
import { uvmemHypercall } from './uvmem.ts';
import { __xe_svm_handle_pagefault } from './xe-svm.ts';

const S = sites('device_event', {
  unknown: 'this driver knows no such event: -EINVAL',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released',
});

/** What makes a driver act. */
export type DriverEvent = 'gpu-fault' | 'bind' | 'evict' | 'page-in' | 'page-out';

/** Lets the driver of the run serve an event on pages [start, end). @returns 0 or an errno. */
export function* driverEvent(
  k: Kernel,
  does: DriverEvent,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  switch (`${k.config.driverName ?? 'test_hmm'} ${does}` as const) {
    case 'test_hmm evict':
      return yield* dmirror_device_remove_chunks(k, device);
    case 'drm_pagemap gpu-fault':
      return yield* __xe_svm_handle_pagefault(k, mm, start, end, device, write);
    case 'drm_pagemap evict':
      return yield* drm_pagemap_evict_to_ram(k, device);
    case 'nouveau bind':
      return yield* nouveau_dmem_migrate_vma(k, mm, start, end, device);
    case 'nouveau gpu-fault':
      return yield* nouveau_range_fault(k, mm, start, end, device, write);
    case 'nouveau evict':
      return yield* nouveau_dmem_evict_chunk(k, device);
    case 'amdkfd gpu-fault':
      return yield* svm_range_restore_pages(k, mm, start, end, device, write);
    case 'amdkfd evict':
      return yield* amdkfdEvict(k, mm, start, end, device);
    case 'uvmem page-in':
      return yield* uvmemHypercall(k, mm, start, end, device, true);
    case 'uvmem page-out':
      return yield* uvmemHypercall(k, mm, start, end, device, false);
    default:
      at(k, S.unknown);
      return -EINVAL;
  }
}

/** amdkfd frees VRAM range by range, through the VMAs that use it. */
function* amdkfdEvict(k: Kernel, mm: number, start: number, end: number, device: number): Run<number> {
  yield* mmap_read_lock(k, S.lock, mm);
  for (const vma of vmasIn(k.m, mm, start, end)) {
    const from = Math.max(start, vmaGet(k.m, vma, V.START));
    yield* svm_migrate_vma_to_ram(k, vma, from, Math.min(end, vmaGet(k.m, vma, V.END)), device, 0);
  }
  mmap_read_unlock(k, S.unlock, mm);
  return 0;
}
