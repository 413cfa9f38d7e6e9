import type { Kernel, Run } from '../kernel.ts';
import { svm_migrate_to_ram } from './amdkfd.ts';
import { __drm_pagemap_migrate_to_ram } from './drm-pagemap.ts';
import { nouveau_dmem_migrate_to_ram } from './nouveau.ts';
import { dmirror_devmem_fault } from './test_hmm.ts';
import { kvmppc_uvmem_migrate_to_ram } from './uvmem.ts';

/**
 * dev_pagemap_ops.migrate_to_ram: a CPU touched device-private memory; its folio is locked and held.
 * @param faultPfn frame of the touched page. @param pteFault the fault came through a PTE. @returns VM_FAULT bits.
 */
export function migrate_to_ram(k: Kernel, vma: number, page: number, faultPfn: number, pteFault: boolean): Run<number> {
  switch (k.config.driverName) {
    case 'drm_pagemap':
      return __drm_pagemap_migrate_to_ram(k, vma, page, faultPfn);
    case 'nouveau':
      return nouveau_dmem_migrate_to_ram(k, vma, page, faultPfn, pteFault);
    case 'amdkfd':
      return svm_migrate_to_ram(k, vma, page, faultPfn);
    case 'uvmem':
      return kvmppc_uvmem_migrate_to_ram(k, vma, page, faultPfn);
    default:
      return dmirror_devmem_fault(k, vma, page, faultPfn, pteFault);
  }
}
