import type { ScenarioVma } from '../types.ts';
import type { CaptureVma } from './types.ts';

type Flag = NonNullable<ScenarioVma['flags']>[number];

/** The scenario's flag for each of the two-letter VmFlags of /proc/PID/smaps that the model knows. */
const FLAGS: ReadonlyMap<string, Flag> = new Map<string, Flag>([
  ['hg', 'hugepage'],
  ['nh', 'nohugepage'],
  ['lo', 'mlocked'],
  ['io', 'io'],
  ['pf', 'pfnmap'],
  ['mm', 'mixedmap'],
  ['de', 'dontexpand'],
]);

/** A captured mapping as a VMA of the scenario, clipped to pages [start, end) of the scenario. */
export function vmaOf(vma: CaptureVma, start: number, end: number): ScenarioVma {
  const flags = (vma.vmFlags ?? []).map((each) => FLAGS.get(each)).filter((each) => each !== undefined);
  const base = { start, end, perms: vma.perms, kind: kindOf(vma) } as const;
  return flags.length === 0 ? base : { ...base, flags };
}

/** Shared anonymous memory is shared memory to the kernel. */
function kindOf(vma: CaptureVma): ScenarioVma['kind'] {
  return vma.kind === 'anon' && vma.perms.endsWith('s') ? 'shmem' : vma.kind;
}
