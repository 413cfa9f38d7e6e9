import type { Kernel } from '../kernel.ts';
import { svm_migrate_copy_to_vram } from './amdkfd.ts';
import { drm_pagemap_populate } from './drm-pagemap.ts';
import { nouveau_dmem_migrate_chunk } from './nouveau.ts';
import { dmirror_migrate_alloc_and_copy } from './test_hmm.ts';

/** Fills dst[] as the driver of the run does: what it allocates, what it copies, what it does when memory is short. */
export function copyToDevice(k: Kernel, migrate: number, device: number): void {
  switch (k.config.driverName) {
    case 'drm_pagemap':
      return drm_pagemap_populate(k, migrate, device);
    case 'nouveau':
      return nouveau_dmem_migrate_chunk(k, migrate, device);
    case 'amdkfd':
      return svm_migrate_copy_to_vram(k, migrate, device);
    default:
      return dmirror_migrate_alloc_and_copy(k, migrate, device);
  }
}
