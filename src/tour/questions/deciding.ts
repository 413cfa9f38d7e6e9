import { OP } from '../../machine/ops.ts';
import { allSites } from '../../machine/sites.ts';
import { Derived } from '../../recording/derived.ts';
import type { Recording } from '../../recording/recording.ts';
import { QUESTION_KINDS, type QuestionKind } from './kinds.ts';

/** What each op decides, when nothing but the op matters. */
const BY_OP: Readonly<Partial<Record<number, QuestionKind>>> = {
  [OP.SET_PTE]: 'entry',
  [OP.CLEAR_PTE]: 'entry',
  [OP.CLEAR_FLUSH_PTE]: 'entry',
  [OP.SET_PMD]: 'entry',
  [OP.SET_PMD_MIGRATION]: 'entry',
  [OP.INVALIDATE_PMD]: 'entry',
  [OP.POPULATE]: 'entry',
  [OP.LOCK_PMD]: 'lock',
  [OP.LOCK_PTE]: 'lock',
  [OP.LOCK_MMAP_READ]: 'lock',
  [OP.LOCK_MMAP_WRITE]: 'lock',
  [OP.LOCK_ANON_VMA]: 'lock',
  [OP.FOLIO_LOCK]: 'lock',
  [OP.BLOCKED]: 'lock',
  [OP.FOLIO_TRYLOCK]: 'trylock',
  [OP.PFN_WRITE]: 'word',
  [OP.INTERVAL_CHECK_RETRY]: 'retry',
  [OP.INTERVAL_READ_RETRY]: 'retry',
  [OP.FOLIO_GET]: 'refs',
  [OP.FOLIO_PUT]: 'refs',
  [OP.FOLIO_REMOVE_RMAP]: 'refs',
  [OP.INVALIDATE_CB]: 'notifier',
  [OP.FOLIO_ISOLATE_LRU]: 'isolate',
  [OP.FOLIO_TRY_SHARE_ANON_RMAP]: 'isolate',
  [OP.FINDING]: 'finding',
};

/** Functions whose return value tells their caller how to go on. */
const RETURNS = new Set(
  `hmm_range_fault walk_page_range hmm_vma_walk_test hmm_vma_capture_migrate_range hmm_vma_walk_hole hmm_vma_walk_pmd
  hmm_vma_handle_pmd hmm_vma_handle_absent_pmd hmm_vma_handle_migrate_prepare hmm_vma_handle_migrate_prepare_pmd
  hmm_vma_walk_split migrate_vma_split_folio hmm_vma_handle_pte hmm_vma_fault hmm_vma_walk_hugetlb_entry migrate_vma_setup
  migrate_vma_check_page migrate_device_unmap folio_migrate_mapping split_folio migrate_vma_collect_pmd hmm_vma_migrate`.split(
    /\s+/,
  ),
);

/** Functions that decide what becomes of an address. */
const FAULTS = new Set(
  'handle_mm_fault hmm_vma_handle_pte hmm_vma_handle_pmd hmm_vma_handle_absent_pmd hmm_vma_walk_hole'.split(' '),
);

const NONE = 255;
const numberOf = (kind: QuestionKind): number => QUESTION_KINDS.indexOf(kind);

interface Tables {
  /** kind by op, of sites where only the op matters */
  readonly op: Uint8Array;
  /** kind of an ENTER and of an EXIT, by site */
  readonly enter: Uint8Array;
  readonly exit: Uint8Array;
}

let tables: Tables | undefined;

function kindTables(): Tables {
  if (tables) return tables;
  const op = new Uint8Array(256).fill(NONE);
  for (const [o, kind] of Object.entries(BY_OP)) if (kind !== undefined) op[Number(o)] = numberOf(kind);
  const enter = new Uint8Array(1 << 16).fill(NONE);
  const exit = new Uint8Array(1 << 16).fill(NONE);
  for (const { id, fn } of allSites()) {
    if (FAULTS.has(fn)) enter[id] = numberOf('fault');
    if (fn === 'hmm_range_fault') enter[id] = numberOf('walks');
    if (RETURNS.has(fn)) exit[id] = numberOf('return');
  }
  tables = { op, enter, exit };
  return tables;
}

/** What a step decides; undefined when nothing. Also 'walks' may be asked as 'migrates'. */
export function decidingKind(rec: Recording, step: number): QuestionKind | undefined {
  const { op, site } = rec.machine.log;
  const t = kindTables();
  const o = op[step] as number;
  const s = site[step] as number;
  const k = o === OP.ENTER ? t.enter[s] : o === OP.EXIT ? t.exit[s] : t.op[o];
  return k === undefined ? undefined : QUESTION_KINDS[k];
}

/** Steps of each kind, ascending; every deciding step is in one list. */
export type DecidingSteps = ReadonlyMap<QuestionKind, readonly number[]>;

const deciding = new Derived<DecidingSteps>((rec) => {
  const lists = new Map<QuestionKind, number[]>();
  for (let i = 0; i < rec.length; i++) {
    const kind = decidingKind(rec, i);
    if (kind === undefined) continue;
    const list = lists.get(kind);
    if (list === undefined) lists.set(kind, [i]);
    else list.push(i);
  }
  return lists;
});

/** All steps of a recording that decide something: one pass over the log on the first call. */
export function decidingSteps(rec: Recording): DecidingSteps {
  return deciding.of(rec);
}
