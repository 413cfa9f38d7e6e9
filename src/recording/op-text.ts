import { OP, WAIT } from '../machine/ops.ts';
import { RULE, RULES } from '../kernel/rules.ts';
import { type Format, formatValue } from './format.ts';
import { namesOf, pageText } from './names.ts';
import type { Recording } from './recording.ts';
import { type WrittenEntry, type WrittenWord, writtenEntry, writtenWord } from './written.ts';

/** For whom a step is told: in words, or as the kernel's own calls. */
export type TellDepth = 'student' | 'reviewer';

/** One step with its operands ready to print. */
class Teller {
  readonly rec: Recording;
  readonly step: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;

  constructor(rec: Recording, step: number) {
    this.rec = rec;
    this.step = step;
    const { log } = rec.machine;
    this.a = log.a[step] as number;
    this.b = log.b[step] as number;
    this.c = log.c[step] as number;
  }

  as(format: Format, value: number): string {
    return formatValue(this.rec, format, value, this.step);
  }

  get folio(): string {
    return namesOf(this.rec).folio(this.a);
  }

  page(page: number): string {
    return pageText(this.rec, page);
  }

  get actor(): string {
    return this.as('actor', this.rec.machine.log.actor[this.step] as number);
  }

  /** ` of child 1`, for entries of a forked process. */
  get whose(): string {
    return this.b > 1 ? ` of ${this.as('mm', this.b)}` : '';
  }

  get entry(): WrittenEntry | undefined {
    return writtenEntry(this.rec, this.step);
  }

  get words(): WrittenWord {
    return writtenWord(this.rec, this.step);
  }
}

type Tell = (t: Teller) => string;

/** How an op is told: to a student, to a reviewer. */
const OPS: Readonly<Partial<Record<number, readonly [student: Tell, reviewer: Tell]>>> = {
  [OP.FOLIO_GET]: [
    (t) => `a reference on folio ${t.folio} is taken: ${t.b} now`,
    (t) => `folio_get(${t.folio}), ref ${t.b}`,
  ],
  [OP.FOLIO_PUT]: [
    (t) => `a reference on folio ${t.folio} is dropped: ${t.b} left`,
    (t) => `folio_put(${t.folio}), ref ${t.b}`,
  ],
  [OP.FOLIO_TRYLOCK]: [
    (t) =>
      t.b === 1
        ? `the lock of folio ${t.folio} is taken without waiting`
        : `folio ${t.folio} is locked by somebody else: refused without waiting`,
    (t) => `folio_trylock(${t.folio}) = ${t.b === 1 ? 'true' : 'false'}`,
  ],
  [OP.FOLIO_LOCK]: [(t) => `folio ${t.folio} is locked`, (t) => `folio_lock(${t.folio})`],
  [OP.FOLIO_UNLOCK]: [(t) => `folio ${t.folio} is unlocked`, (t) => `folio_unlock(${t.folio})`],
  [OP.FOLIO_MARK_DIRTY]: [(t) => `folio ${t.folio} is marked dirty`, (t) => `folio_mark_dirty(${t.folio})`],
  [OP.FOLIO_REMOVE_RMAP]: [
    (t) => `one mapping of folio ${t.folio} less: ${t.b} left`,
    (t) => `folio_remove_rmap_${t.c === 1 ? 'pmd' : 'pte'}(${t.folio}), mapcount ${t.b}`,
  ],
  [OP.FOLIO_ADD_RMAP]: [
    (t) => `folio ${t.folio} is mapped at ${t.page(t.b)}`,
    (t) => `folio_add_anon_rmap_${t.c === 1 ? 'pmd' : 'pte'}(${t.folio}, ${t.page(t.b)})`,
  ],
  [OP.FOLIO_ADD_NEW_ANON_RMAP]: [
    (t) => `the new anonymous folio ${t.folio} is mapped at ${t.page(t.b)}`,
    (t) => `folio_add_new_anon_rmap(${t.folio}, ${t.page(t.b)})`,
  ],
  [OP.FOLIO_TRY_SHARE_ANON_RMAP]: [
    (t) =>
      t.b === 0
        ? `${t.as('pfn', t.a)} is no longer marked as this process’s alone`
        : `${t.as('pfn', t.a)} may be pinned: it stays this process’s alone`,
    (t) => `folio_try_share_anon_rmap_pte(${t.as('pfn', t.a)}) = ${t.as('errno', t.b)}`,
  ],
  [OP.FOLIO_ISOLATE_LRU]: [
    (t) =>
      t.c === 1
        ? `folio ${t.folio} is taken off its LRU list`
        : `folio ${t.folio} is on no LRU list: it cannot be isolated`,
    (t) => `folio_isolate_lru(${t.folio}) = ${t.c === 1 ? 'true' : 'false'}`,
  ],
  [OP.FOLIO_PUTBACK_LRU]: [(t) => `folio ${t.folio} goes back to the LRU`, (t) => `folio_putback_lru(${t.folio})`],
  [OP.FOLIO_ADD_LRU]: [(t) => `folio ${t.folio} joins this CPU’s LRU batch`, (t) => `folio_add_lru(${t.folio})`],
  [OP.FOLIO_ALLOC]: [
    (t) => `folio ${t.folio} of ${2 ** t.b} page${t.b === 0 ? '' : 's'} is allocated`,
    (t) => `folio_alloc(order ${t.b}) = ${t.folio}`,
  ],
  [OP.FOLIO_FREE]: [(t) => `nobody uses folio ${t.folio} any more: it is freed`, (t) => `free ${t.folio}`],
  [OP.LRU_ADD_DRAIN]: [() => 'this CPU’s LRU batch is emptied', () => 'lru_add_drain()'],
  [OP.LRU_ADD_DRAIN_ALL]: [() => 'the LRU batches of all CPUs are emptied', () => 'lru_add_drain_all()'],

  [OP.SET_PTE]: [written('is written'), writtenBy('set_pte_at')],
  [OP.CLEAR_PTE]: [written('is taken away, the TLB not yet flushed'), writtenBy('ptep_get_and_clear')],
  [OP.CLEAR_FLUSH_PTE]: [
    (t) => written(t.c === 1 ? 'is taken away and flushed from the TLB' : 'is taken away')(t),
    writtenBy('ptep_clear_flush'),
  ],
  [OP.SET_PMD]: [written('is written'), writtenBy('set_pmd_at')],
  [OP.SET_PMD_MIGRATION]: [
    (t) =>
      t.c === 0
        ? written('becomes one migration entry for 2 MiB')(t)
        : `${t.page(t.a)}: the huge page may be pinned, no migration entry (${t.as('errno', t.c)})`,
    (t) => `${writtenBy('set_pmd_migration_entry')(t)} = ${t.as('errno', t.c)}`,
  ],
  [OP.INVALIDATE_PMD]: [written('loses its present bit, 2 MiB are flushed from the TLB'), writtenBy('pmdp_invalidate')],
  [OP.POPULATE]: [(t) => `a PTE table now hangs under the PMD of ${t.page(t.a)}${t.whose}`, writtenBy('pmd_populate')],

  [OP.LOCK_PMD]: [
    (t) => `the lock of the ${t.as('table', t.a)} is taken for ${t.page(t.b)}`,
    (t) => `pmd_lock(${t.page(t.b)})`,
  ],
  [OP.LOCK_PTE]: [
    (t) =>
      t.c === 1
        ? `the ${t.as('table', t.a)} is mapped and locked for ${t.page(t.b)}`
        : `no PTE table for ${t.page(t.b)} any more: nothing to lock`,
    (t) => `pte_offset_map_lock(${t.page(t.b)})${t.c === 1 ? '' : ' = NULL'}`,
  ],
  [OP.UNLOCK_SPIN]: [
    (t) => `the lock of the ${t.as('table', t.a)} is dropped`,
    (t) => `spin_unlock(${t.as('table', t.a)})`,
  ],
  [OP.UNLOCK_PTE]: [
    (t) => `the ${t.as('table', t.a)} is unlocked and unmapped`,
    (t) => `pte_unmap_unlock(${t.as('table', t.a)})`,
  ],
  [OP.MAP_PTE]: [
    (t) =>
      t.b === 1
        ? `the PTE table of ${t.page(t.a)} is mapped, without its lock`
        : `no PTE table for ${t.page(t.a)} any more: nothing to map`,
    (t) => `pte_offset_map(${t.page(t.a)})${t.b === 1 ? '' : ' = NULL'}`,
  ],
  [OP.UNMAP_PTE]: [() => 'the PTE table is unmapped', () => 'pte_unmap()'],
  [OP.LOCK_MMAP_READ]: [() => 'the mmap lock is taken for reading', () => 'mmap_read_lock()'],
  [OP.UNLOCK_MMAP_READ]: [() => 'the mmap lock (read) is dropped', () => 'mmap_read_unlock()'],
  [OP.LOCK_MMAP_WRITE]: [() => 'the mmap lock is taken for writing', () => 'mmap_write_lock()'],
  [OP.UNLOCK_MMAP_WRITE]: [() => 'the mmap lock (write) is dropped', () => 'mmap_write_unlock()'],
  [OP.LOCK_ANON_VMA]: [
    (t) => `anon_vma ${t.a} is locked for ${t.b === 1 ? 'writing' : 'reading'}`,
    (t) => `anon_vma_lock_${t.b === 1 ? 'write' : 'read'}(${t.a})`,
  ],
  [OP.UNLOCK_ANON_VMA]: [
    (t) => `anon_vma ${t.a} is unlocked`,
    (t) => `anon_vma_unlock_${t.b === 1 ? 'write' : 'read'}(${t.a})`,
  ],
  [OP.BLOCKED]: [(t) => `${t.actor} has to wait for ${awaited(t)}`, (t) => `blocked: ${awaited(t)}`],

  [OP.FLUSH_TLB_RANGE]: [
    (t) => `the TLB is flushed for ${pages(t, t.a, t.b)}`,
    (t) => `flush_tlb_range(${pages(t, t.a, t.b)})`,
  ],
  [OP.NOTIFIER_START]: [
    (t) => `every mirror is told: ${t.as('event', t.a)} begins for ${pages(t, t.b, t.c)}`,
    (t) => `mmu_notifier_invalidate_range_start(${t.as('event', t.a)}, ${pages(t, t.b, t.c)})`,
  ],
  [OP.NOTIFIER_END]: [
    (t) => `every mirror is told: ${t.as('event', t.a)} is over for ${pages(t, t.b, t.c)}`,
    (t) => `mmu_notifier_invalidate_range_end(${t.as('event', t.a)}, ${pages(t, t.b, t.c)})`,
  ],
  [OP.INVALIDATE_CB]: [
    (t) =>
      t.c === 1
        ? `device ${t.a} ignores the event: it is its own migration`
        : `device ${t.a} drops its mirror of the range`,
    (t) => `dmirror_interval_invalidate(device ${t.a})${t.c === 1 ? ', ignored' : ''}`,
  ],
  [OP.INTERVAL_READ_BEGIN]: [
    (t) => `device ${t.a} notes the notifier sequence ${t.b}`,
    (t) => `mmu_interval_read_begin(device ${t.a}) = ${t.b}`,
  ],
  [OP.INTERVAL_CHECK_RETRY]: [
    (t) => retry(t),
    (t) => `mmu_interval_check_retry(device ${t.a}) = ${t.b === 1 ? 'true' : 'false'}`,
  ],
  [OP.INTERVAL_READ_RETRY]: [
    (t) => retry(t),
    (t) => `mmu_interval_read_retry(device ${t.a}) = ${t.b === 1 ? 'true' : 'false'}`,
  ],

  [OP.PFN_WRITE]: [(t) => `${t.words.place} becomes ${t.words.value}`, (t) => `${t.words.place} = ${t.words.value}`],
  [OP.COPY_PAGE]: [
    (t) => `the data of ${t.as('pfn', t.a)} is copied to ${t.as('pfn', t.b)}`,
    (t) => `copy ${t.as('pfn', t.a)} -> ${t.as('pfn', t.b)}`,
  ],
  [OP.DEVICE_PTE]: [
    (t) =>
      t.c === 0
        ? `device ${t.a} no longer maps ${t.page(t.b)}`
        : `device ${t.a} now maps ${t.page(t.b)} to ${t.as('pfn', t.c)}`,
    (t) => `device ${t.a} pt[${t.page(t.b)}] = ${t.c === 0 ? '0' : t.as('pfn', t.c)}`,
  ],
  [OP.CPU_ACCESS]: [
    (t) => `the CPU ${t.b === 1 ? 'writes' : 'reads'} ${t.page(t.a)}: it is ${t.as('pfn', t.c)}`,
    (t) => `CPU ${t.b === 1 ? 'write' : 'read'} ${t.page(t.a)} (${t.as('pfn', t.c)})`,
  ],
  [OP.SLEEP]: [(t) => `${t.actor} sleeps`, () => 'sleep'],
  [OP.WAKE]: [(t) => `${t.actor} wakes up`, () => 'wake'],
  [OP.FINDING]: [(t) => `finding: ${ruleSays(t)}`, (t) => `FINDING ${t.as('rule', t.a)}: ${ruleSays(t)}`],
};

/** `PTE of page 3 is written: none -> present:S0 W` */
function written(what: string): Tell {
  return (t) => {
    const e = t.entry;
    return e
      ? `the ${e.place} ${what}: ${e.old} → ${e.neu}`
      : `the entry of ${t.page(t.a)}${t.whose} ${what}: it stays the same`;
  };
}

/** `set_pte_at(page 3) none -> present:S0 W` */
function writtenBy(fn: string): Tell {
  return (t) => {
    const e = t.entry;
    return `${fn}(${t.page(t.a)}${t.whose})${e ? ` ${e.old} → ${e.neu}` : ' unchanged'}`;
  };
}

function pages(t: Teller, start: number, end: number): string {
  const first = start - t.rec.origin;
  const last = end - 1 - t.rec.origin;
  return first === last ? `page ${first}` : `pages ${first}..${last}`;
}

function retry(t: Teller): string {
  return t.b === 1
    ? `the notifier sequence of device ${t.a} has moved on: start again`
    : `the notifier sequence of device ${t.a} is still the same`;
}

function awaited(t: Teller): string {
  switch (t.a) {
    case WAIT.SPINLOCK:
      return t.as('lock', t.b);
    case WAIT.FOLIO:
      return `the lock of folio ${t.as('folio', t.b)}`;
    case WAIT.MMAP:
      return 'the mmap lock';
    case WAIT.ANON_VMA:
      return `the lock of anon_vma ${t.b}`;
    case WAIT.NOTIFIER:
      return `the end of an invalidation on device ${t.b}`;
    case WAIT.LIVELOCK:
      return 'nothing: it loops without progress';
    default:
      return t.as('wait', t.a);
  }
}

function ruleSays(t: Teller): string {
  const says = RULES.find((r) => r.id === t.a)?.says.replace(/\.$/, '') ?? `rule ${t.a}`;
  const detail = ruleDetail(t);
  return detail === '' ? says : `${says} (${detail})`;
}

function ruleDetail(t: Teller): string {
  switch (t.a) {
    case RULE.SLEEP_IN_ATOMIC:
      return `${t.b} spinlock${t.b === 1 ? '' : 's'}, RCU depth ${t.c}`;
    case RULE.LOCK_HELD_AT_EXIT:
      return t.as('table', t.b);
    case RULE.BLOCKED_FOREVER:
      return t.as('actor', t.b);
    case RULE.LIVELOCK:
      return t.page(t.b);
    case RULE.MIGRATION_ENTRY_LEFT:
      return `${t.page(t.b)}, folio ${t.as('folio', t.c)}`;
    case RULE.FOLIO_LEFT_LOCKED:
    case RULE.UNLOCK_NOT_OWNER:
      return `folio ${t.as('folio', t.b)}`;
    default:
      return '';
  }
}

/** What the op of a step did; undefined for a branch, an entry, an exit or a remark, which only the site tells. */
export function opText(rec: Recording, step: number, depth: TellDepth): string | undefined {
  const tell = OPS[rec.machine.log.op[step] as number];
  return tell?.[depth === 'student' ? 0 : 1](new Teller(rec, step));
}
