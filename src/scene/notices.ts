import { P_STRIDE, ZONE_SHIFT } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { functionOfSite } from '../machine/sites.ts';
import { entryLo } from '../machine/page-table.ts';
import { _PAGE_PRESENT, _PAGE_PSE } from '../machine/words/pte.ts';
import { MMU_NOTIFY } from '../kernel/structs.ts';
import { RULES } from '../kernel/rules.ts';
import type { Recording } from '../recording/recording.ts';
import type { Bracket, RunIndex } from './run-index.ts';
import type { Changes } from './changes.ts';

/**
 * Something that happens in a step and is over in the next, shown as a wave over what it covers and,
 * while the cursor stands on the step, as a label there.
 */
export interface Notice {
  readonly kind:
    | 'flush'
    | 'notifier'
    | 'callback'
    | 'copy'
    | 'fault'
    | 'refused'
    | 'finding'
    | 'split'
    | 'blocked'
    | 'retry';
  /** pages it covers, [start, end); both -1 when it covers none */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** folio it is about, 0 when none */
  readonly folio: number;
  /** folio the data goes to, for a copy */
  readonly to: number;
}

const EVENT_WORD = new Map<number, string>(Object.entries(MMU_NOTIFY).map(([name, value]) => [value, name]));

/** Name of an mmu_notifier event. */
export const eventWord = (event: number): string => EVENT_WORD.get(event) ?? `event ${event}`;

/** What step `step` makes visible besides its writes. */
export function noticesOf(recording: Recording, step: number, changes: Changes): readonly Notice[] {
  if (step < 0) return [];
  const { log } = recording.machine;
  const [a, b, c] = [log.a[step] as number, log.b[step] as number, log.c[step] as number];
  const one = (kind: Notice['kind'], start: number, end: number, label: string, folio = 0, to = 0): Notice => ({
    kind,
    start,
    end,
    label,
    folio,
    to,
  });
  switch (log.op[step]) {
    case OP.FLUSH_TLB_RANGE:
      return [one('flush', a, b, 'TLB flush')];
    case OP.CLEAR_FLUSH_PTE:
      return c === 1 ? [one('flush', a, a + 1, 'TLB flush')] : [];
    case OP.INVALIDATE_PMD:
      return [one('flush', a, a + 512, 'TLB flush 2 MiB')];
    case OP.NOTIFIER_START:
      return [one('notifier', b, c, `notifier ${eventWord(a)} starts`)];
    case OP.NOTIFIER_END:
      return [one('notifier', b, c, `notifier ${eventWord(a)} ends`)];
    case OP.INVALIDATE_CB:
      return [one('callback', -1, -1, c === 1 ? `device ${a}: own event, ignored` : `device ${a}: mirror invalidated`)];
    case OP.INTERVAL_CHECK_RETRY:
    case OP.INTERVAL_READ_RETRY:
      return b === 1 ? [one('retry', -1, -1, `device ${a}: sequence moved on, retry`)] : [];
    case OP.COPY_PAGE:
      return [one('copy', -1, -1, 'copy', folioAt(recording, a), folioAt(recording, b))];
    case OP.FOLIO_TRYLOCK:
      return b === 0 ? [one('refused', -1, -1, 'trylock refused', a)] : [];
    case OP.BLOCKED:
      return [one('blocked', -1, -1, 'waits')];
    case OP.FINDING:
      return [one('finding', -1, -1, RULES.find((r) => r.id === a)?.name ?? `rule ${a}`)];
    case OP.ENTER:
      return functionOfSite(log.site[step] as number).name === 'handle_mm_fault'
        ? [one('fault', -1, -1, 'page fault')]
        : [];
    case OP.POPULATE:
    case OP.SET_PMD:
      return splitOf(recording, changes) ? [one('split', a, a + 512, 'PMD split')] : [];
    default:
      return [];
  }
}

/** True when the step turned a PMD leaf into a table; what turns it into a migration entry leaves it whole. */
function splitOf(recording: Recording, changes: Changes): boolean {
  const m = recording.machine;
  for (const [entry, before] of changes.entries)
    if ((before.lo & _PAGE_PSE) !== 0 && (entryLo(m, entry) & (_PAGE_PSE | _PAGE_PRESENT)) === _PAGE_PRESENT)
      return true;
  return false;
}

function folioAt(recording: Recording, pfn: number): number {
  const m = recording.machine;
  const bank = m.page[pfn >>> ZONE_SHIFT];
  return bank !== undefined && (pfn & 0xffffff) * P_STRIDE < bank.cells.length ? m.folioOf(pfn) : 0;
}

/** Notifier brackets open after `step`. */
export function openBrackets(index: RunIndex, step: number): readonly Bracket[] {
  return index.brackets.filter((b) => b.begin <= step && step < b.end);
}
