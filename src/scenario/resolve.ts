import type { Scenario, ScenarioEntry, ScenarioFolio, ScenarioVma } from './types.ts';

/** What an entry means once everything it leaves out is filled in. */
export interface Meaning {
  readonly order: 0 | 9;
  readonly memory: 'system' | 'private' | 'coherent';
  /** device that owns the memory; -1 for system memory */
  readonly device: number;
  /** anonymous memory; else page cache, or nobody's in a special VMA */
  readonly anon: boolean;
  readonly exclusive: boolean;
  /** forked processes that have the same entry */
  readonly sharedBy: number;
  /** the entry counts in mapcount and reference count of its folio */
  readonly maps: boolean;
  readonly protnone: boolean;
  readonly mirrored: boolean;
}

const NO_FOLIO: ScenarioFolio = {};

/** Kinds that have a folio behind them; a swap entry only with its page in the swap cache. */
export function hasFolio(e: ScenarioEntry): boolean {
  switch (e.kind) {
    case 'present':
      return e.special !== true;
    case 'migration':
    case 'device':
    case 'device-exclusive':
    case 'hwpoison':
      return true;
    case 'swap':
      return e.folio !== undefined;
    default:
      return false;
  }
}

/** Fills in what an entry leaves out. `vma` is where it lies. */
export function meaningOf(s: Scenario, e: ScenarioEntry, vma: ScenarioVma): Meaning {
  const folio = e.folio ?? NO_FOLIO;
  const memory = folio.memory ?? (e.kind === 'device' ? 'private' : 'system');
  const order = folio.order ?? (e.level === 'pmd' ? 9 : 0);
  const isPrivate = vma.perms.endsWith('p');
  const exclusive = folio.exclusive === true;
  const writable = e.write === true;
  const isDevice = memory !== 'system';
  return {
    order,
    memory,
    device: isDevice ? (folio.device ?? defaultDevice(s, memory)) : -1,
    anon: folio.anon ?? anonByVma(vma, isPrivate, writable || exclusive || e.kind === 'swap' || e.kind === 'device'),
    exclusive,
    sharedBy: (e.kind === 'swap' ? e.slot?.sharedBy : folio.sharedBy) ?? 0,
    maps: e.kind === 'present' || e.kind === 'device' || e.kind === 'device-exclusive',
    protnone: e.protnone ?? (e.kind === 'present' && vma.perms.startsWith('---')),
    mirrored:
      e.mirrored ??
      (isDevice &&
        e.kind !== 'migration' &&
        (writable || vma.perms[1] !== 'w') &&
        (order === 9) === (e.level === 'pmd')),
  };
}

function defaultDevice(s: Scenario, memory: 'private' | 'coherent'): number {
  const asking = s.request.device;
  if (memory === 'private') return asking < 2 ? asking : 0;
  return asking >= 2 ? asking : 2;
}

function anonByVma(vma: ScenarioVma, isPrivate: boolean, copied: boolean): boolean {
  switch (vma.kind) {
    case 'anon':
      return true;
    case 'hugetlb':
      return isPrivate;
    case 'special':
      return false;
    default:
      return isPrivate && copied;
  }
}

/** Index of the VMA that contains each page, by binary search; -1 outside. `order` is the VMAs' indices by start. */
export function vmaFinder(vmas: readonly ScenarioVma[]): (page: number) => number {
  const order = vmas
    .map((_, i) => i)
    .toSorted((a, b) => (vmas[a] as ScenarioVma).start - (vmas[b] as ScenarioVma).start);
  const starts = order.map((i) => (vmas[i] as ScenarioVma).start);
  return (page) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((starts[mid] as number) <= page) low = mid + 1;
      else high = mid;
    }
    const i = order[low - 1];
    return i !== undefined && page < (vmas[i] as ScenarioVma).end ? i : -1;
  };
}

/** Devices whose file the process has open. */
export function openDevices(s: Scenario, owners: Iterable<number>): readonly number[] {
  if (s.conditions?.openDevices !== undefined) return s.conditions.openDevices;
  return [...new Set([s.request.device, ...owners])].toSorted((a, b) => a - b);
}
