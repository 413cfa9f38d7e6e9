import { EVENT, MMU_NOTIFY } from '../../kernel/structs.ts';
import { F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { folioName } from './describe.ts';
import type { GoldenEvent } from './golden-format.ts';
import type { View } from './view.ts';

const WALKERS = ['mm/hmm.c', 'mm/migrate_device.c'];
/** set_pte_at() was also logged in the two files that replace entries by migration entries and back. */
const ENTRY_WRITERS = [...WALKERS, 'mm/rmap.c', 'mm/migrate.c'];
const DRIVER = ['lib/test_hmm.c'];

/** How the measuring kernel logged a primitive. */
export interface LoggedStep {
  /** kernel files whose use of the primitive is logged; undefined: every use */
  readonly files?: readonly string[];
  /** what has to be read before the step's writes */
  readonly old?: (v: View, a: number, b: number) => string;
  readonly event: (v: View, a: number, b: number, c: number, old: string) => GoldenEvent;
}

const EVENT_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(MMU_NOTIFY).map(([name, n]) => [n, name]),
);

/** Name of a notifier event. */
export const eventName = (kind: number): string => EVENT_NAMES[kind] ?? String(kind);

const folio = (e: string, v: View, f: number, more: object = {}): GoldenEvent => ({
  e: `folio-${e}`,
  folio: folioName(v.m, f),
  ...more,
});
const byWalkers = (event: LoggedStep['event'], old?: LoggedStep['old']): LoggedStep => ({
  files: WALKERS,
  event,
  ...(old ? { old } : {}),
});
const lockName = (table: number): string => `lock@${table}`;

/** Every kind of step that leaves an event in the log, by op. Functions are in LOGGED. */
export const LOGGED_STEPS: Readonly<Record<number, LoggedStep>> = {
  [OP.FOLIO_GET]: byWalkers((v, a, b) => folio('get', v, a, { ref: b })),
  [OP.FOLIO_PUT]: byWalkers((v, a, b) => folio('put', v, a, { ref: b })),
  [OP.FOLIO_TRYLOCK]: byWalkers((v, a, b) => folio('trylock', v, a, { ok: b })),
  [OP.FOLIO_LOCK]: byWalkers((v, a) => folio('lock', v, a)),
  [OP.FOLIO_UNLOCK]: byWalkers((v, a, b) => folio('unlock', v, a, { locked: b })),
  [OP.FOLIO_MARK_DIRTY]: byWalkers((v, a) => folio('mark_dirty', v, a)),
  [OP.FOLIO_REMOVE_RMAP]: byWalkers((v, a, b) => folio('remove_rmap', v, a, { mapcount: b })),
  [OP.FOLIO_ADD_NEW_ANON_RMAP]: byWalkers((v, a, b) => folio('add_new_anon_rmap', v, a, { addr: v.page(b) })),
  [OP.FOLIO_TRY_SHARE_ANON_RMAP]: byWalkers((v, a, b) =>
    folio('try_share_anon_rmap', v, v.m.folioOf(a), { ret: v.ret(b) }),
  ),
  [OP.FOLIO_ISOLATE_LRU]: byWalkers((v, a, b, c) =>
    folio('isolate_lru', v, a, { waslru: b, ok: c, ref: v.m.f(a, F.REF) }),
  ),
  [OP.FOLIO_PUTBACK_LRU]: byWalkers((v, a, b) => folio('putback_lru', v, a, { ref: b })),
  [OP.FOLIO_ADD_LRU]: byWalkers((v, a) => folio('add_lru', v, a)),
  [OP.LRU_ADD_DRAIN]: byWalkers(() => ({ e: 'lru_add_drain' })),
  [OP.LRU_ADD_DRAIN_ALL]: byWalkers(() => ({ e: 'lru_add_drain_all' })),

  [OP.SET_PTE]: { files: ENTRY_WRITERS, event: (v, a, b) => ({ e: 'set_pte', addr: v.page(a), val: v.pteAt(a, b) }) },
  [OP.CLEAR_PTE]: byWalkers(
    (v, a, _b, _c, old) => ({ e: 'clear_pte', addr: v.page(a), old }),
    (v, a, b) => v.pteAt(a, b),
  ),
  [OP.CLEAR_FLUSH_PTE]: byWalkers(
    (v, a, _b, _c, old) => ({ e: 'clear_flush_pte', addr: v.page(a), old }),
    (v, a, b) => v.pteAt(a, b),
  ),
  [OP.SET_PMD]: byWalkers((v, a, b) => ({ e: 'set_pmd', addr: v.page(a), val: v.pmdAt(a, b) })),
  [OP.INVALIDATE_PMD]: byWalkers(
    (v, a, _b, _c, old) => ({ e: 'invalidate_pmd', addr: v.page(a), old }),
    (v, a, b) => v.pmdAt(a, b),
  ),

  [OP.LOCK_PMD]: byWalkers((v, a, b) => ({ e: 'lock-pmd', lock: lockName(a), pmd: v.pmdAt(b) })),
  [OP.LOCK_PTE]: byWalkers((v, a, b, c) => ({
    e: 'lock-pte',
    ...(c === 0 ? {} : { lock: lockName(a) }),
    addr: v.page(b),
    ok: c,
  })),
  [OP.UNLOCK_SPIN]: byWalkers((_v, a) => ({ e: 'unlock-spin', lock: lockName(a) })),
  [OP.UNLOCK_PTE]: byWalkers((_v, a) => ({ e: 'unlock-pte', lock: lockName(a) })),
  [OP.MAP_PTE]: byWalkers((v, a, b) => ({ e: 'map-pte', addr: v.page(a), ok: b })),
  [OP.UNMAP_PTE]: byWalkers(() => ({ e: 'unmap-pte' })),
  [OP.LOCK_MMAP_READ]: { files: DRIVER, event: () => ({ e: 'lock-mmap_read' }) },
  [OP.UNLOCK_MMAP_READ]: { files: DRIVER, event: () => ({ e: 'unlock-mmap_read' }) },

  [OP.FLUSH_TLB_RANGE]: byWalkers((v, a, b) => ({ e: 'flush_tlb_range', start: v.page(a), end: v.page(b) })),
  [OP.NOTIFIER_END]: byWalkers((v, a, b, c) => ({
    e: 'notifier_range_end',
    event: eventName(a),
    start: v.page(b),
    end: v.page(c),
  })),
  [OP.INVALIDATE_CB]: {
    event: (v, _a, b, c) => ({
      e: 'invalidate_cb',
      event: eventName(v.obj(b, EVENT.KIND)),
      start: v.page(v.obj(b, EVENT.START)),
      end: v.page(v.obj(b, EVENT.END)),
      ignored: c,
    }),
  },
  [OP.INTERVAL_READ_BEGIN]: { files: DRIVER, event: () => ({ e: 'interval_read_begin' }) },
  [OP.INTERVAL_CHECK_RETRY]: { files: WALKERS, event: (_v, _a, b) => ({ e: 'interval_check_retry', ret: b }) },
  [OP.INTERVAL_READ_RETRY]: { files: DRIVER, event: (_v, _a, b) => ({ e: 'interval_read_retry', ret: b }) },
};

/** hugetlb's lock is taken by a function that was not wrapped; only its release was logged. */
export const LOCK_NOT_LOGGED = new Set(['hmm_vma_walk_hugetlb_entry']);
