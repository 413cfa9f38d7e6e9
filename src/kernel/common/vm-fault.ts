import { MM_STRIDE } from '../../machine/layout.ts';
import type { Kernel } from '../kernel.ts';

/*
 * What the files of the page-fault handler share: struct vm_fault, the flags that go in and the
 * VM_FAULT_* bits that come out (include/linux/mm_types.h, v6.19).
 */

export const FAULT_FLAG_WRITE = 1 << 0;
export const FAULT_FLAG_USER = 1 << 6;
/** the fault is for another mm or for a device, not for the running task */
export const FAULT_FLAG_REMOTE = 1 << 7;

export const VM_FAULT_OOM = 0x1;
export const VM_FAULT_SIGBUS = 0x2;
export const VM_FAULT_MAJOR = 0x4;
export const VM_FAULT_HWPOISON = 0x10;
export const VM_FAULT_SIGSEGV = 0x40;
export const VM_FAULT_NOPAGE = 0x100;
export const VM_FAULT_LOCKED = 0x200;
export const VM_FAULT_FALLBACK = 0x800;
/** Any of these and the fault has failed. 0x20 is HWPOISON_LARGE, which the model does not raise. */
export const VM_FAULT_ERROR =
  VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON | 0x20 | VM_FAULT_FALLBACK;

/** struct vm_fault: what one run of the handler carries from function to function. */
export interface VmFault {
  readonly mm: number;
  readonly vma: number;
  /** page number of the address */
  readonly page: number;
  /** FAULT_FLAG_*; WRITE is cleared once the write is granted */
  flags: number;
  /** PMD entry number */
  pmd: number;
  /** the PMD as it was first read */
  origPmdLo: number;
  origPmdHi: number;
  /** the PTE as it was first read, 0 when there was no table */
  origLo: number;
  origHi: number;
}

/** First page of the 2 MiB around the faulting page. */
export const haddr = (page: number): number => page & ~511;

/** add_mm_counter(): `counter` is MM.ANONPAGES, MM.FILEPAGES or MM.SWAPENTS. */
export function add_mm_counter(k: Kernel, mm: number, counter: number, by: number): void {
  k.m.mm.add(mm * MM_STRIDE + counter, by);
}
