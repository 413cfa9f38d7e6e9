import { errnoName } from '../kernel/errno.ts';
import { OP } from '../machine/ops.ts';
import { entryHi, entryLo, findEntry } from '../machine/page-table.ts';
import { siteInfo } from '../machine/sites.ts';
import { COUNTERS, type CounterId, countersAt } from '../recording/counters.ts';
import type { Recording } from '../recording/recording.ts';
import { type FindingStep, findingsOf } from '../recording/step-log.ts';
import { type EntryKind, KINDS, pmdKindCode, pteKindCode } from './entry-view.ts';

/** What a run came to, for a preview. */
export interface Outcome {
  readonly steps: number;
  readonly end: Recording['end'];
  /** what the walker's operations returned, in order: `0`, `-EBUSY` … */
  readonly returns: readonly string[];
  readonly counters: readonly { readonly id: CounterId; readonly title: string; readonly value: number }[];
  readonly findings: readonly FindingStep[];
}

const SHOWN: readonly CounterId[] = [
  'walks',
  'faults',
  'splits',
  'pmdLocks',
  'pteLocks',
  'folioLocks',
  'folioTrylocksFailed',
  'migrationEntries',
  'copies',
  'notifiers',
  'retries',
];

/** Sums a recording up; the recording is not moved. */
export function outcomeOf(rec: Recording): Outcome {
  const { op, actor, b, site } = rec.machine.log;
  const returns: string[] = [];
  for (let i = 0; i < rec.length; i++)
    if (op[i] === OP.USER && actor[i] === 0 && siteInfo(site[i] as number).label === 'end')
      returns.push(errnoName(b[i] as number));
  const counts = countersAt(rec, rec.length - 1);
  return {
    steps: rec.length,
    end: rec.end,
    returns,
    counters: COUNTERS.filter((c) => SHOWN.includes(c.id)).map(({ id, title }) => ({ id, title, value: counts[id] })),
    findings: findingsOf(rec),
  };
}

/** Kinds of the process's entries for scenario pages [from, to), as the machine stands; a huge page's pages are all `huge`. */
export function kindsNow(rec: Recording, from: number, to: number): readonly EntryKind[] {
  const m = rec.machine;
  const mm = 1;
  return Array.from({ length: to - from }, (_, i): EntryKind => {
    const page = from + i + rec.origin;
    const pte = findEntry(m, mm, page, 1);
    if (pte !== 0) return KINDS[pteKindCode(m, entryLo(m, pte), entryHi(m, pte))] as EntryKind;
    const pmd = findEntry(m, mm, page, 2);
    return pmd === 0 ? 'absent' : (KINDS[pmdKindCode(m, entryLo(m, pmd), entryHi(m, pmd))] as EntryKind);
  });
}
