import { FILE_KIND, newFile } from '../kernel/common/page-cache.ts';
import { V, V_STRIDE, VM, VMA_KIND } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import type { ScenarioVma } from './types.ts';

/** A VMA of the scenario in the machine; pages are machine pages. */
export interface BuiltVma {
  readonly spec: ScenarioVma;
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly pgoff: number;
  /** file of a shmem or file mapping; -1 for other kinds */
  readonly file: number;
  readonly anonVma: number;
}

const KINDS = {
  anon: VMA_KIND.ANON,
  shmem: VMA_KIND.SHMEM,
  file: VMA_KIND.FILE,
  hugetlb: VMA_KIND.HUGETLB,
  special: VMA_KIND.SPECIAL,
} as const;

const FLAGS = {
  hugepage: VM.HUGEPAGE,
  nohugepage: VM.NOHUGEPAGE,
  mlocked: VM.LOCKED,
  io: VM.IO,
  pfnmap: VM.PFNMAP,
  mixedmap: VM.MIXEDMAP,
  dontexpand: VM.DONTEXPAND,
} as const;

/** vm_flags of a VMA. */
function vmFlags(spec: ScenarioVma): number {
  let flags = 0;
  if (spec.perms[0] === 'r') flags |= VM.READ;
  if (spec.perms[1] === 'w') flags |= VM.WRITE;
  if (spec.perms[2] === 'x') flags |= VM.EXEC;
  if (spec.perms[3] === 's') flags |= VM.SHARED;
  for (const flag of spec.flags ?? []) flags |= FLAGS[flag];
  if (spec.kind === 'hugetlb') flags |= VM.HUGETLB | VM.DONTEXPAND;
  // A driver's mapping is one of the two.
  if (spec.kind === 'special' && (flags & (VM.PFNMAP | VM.MIXEDMAP)) === 0) flags |= VM.PFNMAP | VM.DONTEXPAND;
  return flags;
}

/**
 * Makes the VMAs of the process. VMAs that touch and are of one kind are taken for pieces of one mapping: they share the
 * file (with running offsets) and the anon_vma.
 * @param needsAnonVma by VMA index: it holds or held anonymous pages
 * @returns in the scenario's order
 */
export function buildVmas(
  m: Machine,
  mm: number,
  vmas: readonly ScenarioVma[],
  offset: number,
  needsAnonVma: readonly boolean[],
): readonly BuiltVma[] {
  const order = vmas
    .map((_, i) => i)
    .toSorted((a, b) => (vmas[a] as ScenarioVma).start - (vmas[b] as ScenarioVma).start);
  const built: BuiltVma[] = [];
  for (let first = 0; first < order.length; ) {
    const last = lastOfMapping(vmas, order, first);
    const run = order.slice(first, last + 1);
    const start = (vmas[run[0] as number] as ScenarioVma).start;
    const pages = (vmas[order[last] as number] as ScenarioVma).end - start;
    const { kind } = vmas[run[0] as number] as ScenarioVma;
    const fileKind = kind === 'file' ? FILE_KIND.REGULAR : FILE_KIND.SHMEM;
    const file = kind === 'file' || kind === 'shmem' ? newFile(m, pages, fileKind) : -1;
    const anonVma = run.some((i) => needsAnonVma[i] === true) ? m.newAnonVma() : 0;
    for (const i of run) {
      const spec = vmas[i] as ScenarioVma;
      const pgoff = file < 0 ? spec.start + offset : spec.start - start;
      const vma = { spec, start: spec.start + offset, end: spec.end + offset, pgoff, file, anonVma };
      built[i] = { ...vma, id: writeVma(m, mm, vma) };
    }
    first = last + 1;
  }
  return built;
}

function lastOfMapping(vmas: readonly ScenarioVma[], order: readonly number[], first: number): number {
  let last = first;
  for (;;) {
    const here = vmas[order[last] as number] as ScenarioVma;
    const next = vmas[order[last + 1] ?? -1];
    if (next?.start !== here.end || next.kind !== here.kind || next.perms[3] !== here.perms[3]) return last;
    last++;
  }
}

/** Copies the VMAs into a forked process. */
export function forkVmas(m: Machine, child: number, vmas: readonly BuiltVma[]): void {
  for (const vma of vmas) writeVma(m, child, vma);
}

function writeVma(m: Machine, mm: number, vma: Omit<BuiltVma, 'id'>): number {
  const id = m.newVma();
  const o = id * V_STRIDE;
  m.vma.set(o + V.MM, mm);
  m.vma.set(o + V.START, vma.start);
  m.vma.set(o + V.END, vma.end);
  m.vma.set(o + V.FLAGS, vmFlags(vma.spec));
  m.vma.set(o + V.KIND, KINDS[vma.spec.kind]);
  m.vma.set(o + V.ANON_VMA, vma.anonVma);
  m.vma.set(o + V.FILE, vma.file + 1);
  m.vma.set(o + V.PGOFF, vma.pgoff);
  m.vma.set(o + V.LIVE, 1);
  return id;
}
