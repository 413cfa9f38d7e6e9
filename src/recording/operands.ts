import { RULE } from '../kernel/rules.ts';
import { OP } from '../machine/ops.ts';
import { siteInfo } from '../machine/sites.ts';
import type { Recording } from './recording.ts';

/** What an operand of a step names, as far as a picture needs it. */
export type OperandKind = 'page' | 'folio' | 'table' | 'pfn' | '';
type Triple = readonly [OperandKind, OperandKind, OperandKind];

const NONE: Triple = ['', '', ''];

/** Operands of the primitives, whose meaning is fixed by the op (machine/ops.ts) and not by the site's text. */
const BY_OP = new Map<number, Triple>([
  ...[OP.FOLIO_GET, OP.FOLIO_PUT, OP.FOLIO_TRYLOCK, OP.FOLIO_LOCK, OP.FOLIO_UNLOCK, OP.FOLIO_MARK_DIRTY].map(
    folioFirst,
  ),
  ...[
    OP.FOLIO_REMOVE_RMAP,
    OP.FOLIO_ISOLATE_LRU,
    OP.FOLIO_PUTBACK_LRU,
    OP.FOLIO_ADD_LRU,
    OP.FOLIO_ALLOC,
    OP.FOLIO_FREE,
  ].map(folioFirst),
  [OP.FOLIO_ADD_RMAP, ['folio', 'page', '']],
  [OP.FOLIO_ADD_NEW_ANON_RMAP, ['folio', 'page', '']],
  [OP.FOLIO_TRY_SHARE_ANON_RMAP, ['pfn', '', '']],
  ...[OP.SET_PTE, OP.CLEAR_PTE, OP.CLEAR_FLUSH_PTE, OP.SET_PMD, OP.SET_PMD_MIGRATION, OP.INVALIDATE_PMD].map(pageFirst),
  [OP.POPULATE, ['page', '', 'table']],
  [OP.LOCK_PMD, ['table', 'page', '']],
  [OP.LOCK_PTE, ['table', 'page', '']],
  [OP.UNLOCK_SPIN, ['table', '', '']],
  [OP.UNLOCK_PTE, ['table', '', '']],
  [OP.MAP_PTE, ['page', '', '']],
  [OP.FLUSH_TLB_RANGE, ['page', '', '']],
  [OP.NOTIFIER_START, ['', 'page', '']],
  [OP.NOTIFIER_END, ['', 'page', '']],
  [OP.COPY_PAGE, ['pfn', 'pfn', '']],
  [OP.DEVICE_PTE, ['', 'page', 'pfn']],
  [OP.CPU_ACCESS, ['page', '', 'pfn']],
]);

function folioFirst(op: number): readonly [number, Triple] {
  return [op, ['folio', '', '']];
}

function pageFirst(op: number): readonly [number, Triple] {
  return [op, ['page', '', '']];
}

/** What the b of a finding names, by its rule. */
const BY_RULE = new Map<number, Triple>([
  [RULE.LOCK_HELD_AT_EXIT, ['', 'table', '']],
  [RULE.MIGRATION_ENTRY_LEFT, ['', 'page', 'folio']],
  [RULE.FOLIO_LEFT_LOCKED, ['', 'folio', '']],
  [RULE.UNLOCK_NOT_OWNER, ['', 'folio', '']],
]);

/** Ops whose operands the site's text names: `{a:page addr}`. */
const BY_TEXT: ReadonlySet<number> = new Set([OP.AT, OP.ENTER, OP.EXIT]);

const textCache = new Map<number, Triple>();

function fromText(site: number): Triple {
  const known = textCache.get(site);
  if (known !== undefined) return known;
  const kinds: [OperandKind, OperandKind, OperandKind] = ['', '', ''];
  for (const [, slot, format] of siteInfo(site).text.matchAll(/\{([abc]):(\w+)/g)) {
    if (format === 'page' || format === 'folio' || format === 'table' || format === 'pfn')
      kinds['abc'.indexOf(slot as string)] = format;
  }
  textCache.set(site, kinds);
  return kinds;
}

/** What the operands a, b, c of a step with that op at that site name; of findings it depends on the step (operandKinds). */
export function kindsOf(op: number, site: number): Triple {
  return BY_TEXT.has(op) ? fromText(site) : (BY_OP.get(op) ?? NONE);
}

/** What the operands a, b, c of a step name. */
export function operandKinds(recording: Recording, step: number): Triple {
  const log = recording.machine.log;
  const op = log.op[step] as number;
  if (op === OP.FINDING) return BY_RULE.get(log.a[step] as number) ?? NONE;
  return kindsOf(op, log.site[step] as number);
}

/** Value of the first operand of that kind, or -1. */
export function operandOf(recording: Recording, step: number, kind: OperandKind): number {
  const [a, b, c] = operandKinds(recording, step);
  const log = recording.machine.log;
  if (a === kind) return log.a[step] as number;
  if (b === kind) return log.b[step] as number;
  return c === kind ? (log.c[step] as number) : -1;
}
