import type { Before } from './before.ts';
import { expandEvents, expandRuns } from './expand.ts';
import type { Golden, GoldenEvent } from './golden-format.ts';
import { flagNames } from './operations.ts';
import { splitName } from './page-ids.ts';

/**
 * Names of device-private folios that belong to another device than the asking one. The page table
 * does not say it, so what the driver was shown does: its own pages are reported VALID, foreign ones
 * never. The word `other` in the scenario's name means all of them.
 */
export function foreignFolios(golden: Golden, before: Before, calls: readonly GoldenEvent[]): ReadonlySet<string> {
  const all = golden.scenario.split('_').includes('other');
  const foreign = new Set<string>();
  const decided = new Set<string>();
  for (const e of [...before.pmds, ...before.ptes]) {
    if (e.entry.kind !== 'device' || !e.folio || decided.has(e.folio.id)) continue;
    decided.add(e.folio.id);
    if (all || isForeign(golden, calls, e.page, e.entry.id)) foreign.add(e.folio.id);
  }
  return foreign;
}

function isForeign(golden: Golden, calls: readonly GoldenEvent[], page: number, id: string): boolean {
  const reported = reportOf(calls, page, id);
  if (reported !== undefined) return !reported;
  // No walk reported the entry: the snapshot afterwards did, if the entry was still there.
  const bytes = expandRuns(golden.mirror.bytes);
  const byte = bytes[page];
  if (byte === undefined || !stillThere(golden, page, id)) return false;
  return byte === '0x00' || byte === '0xff';
}

/**
 * Whether the main thread's first look at the entry found memory of the asking device; undefined when it
 * never looked. A walk of the asking device reports its own pages VALID. The walk of a device fault is
 * made for the owner, which is the one device that ignores the event of its own migration.
 */
function reportOf(calls: readonly GoldenEvent[], page: number, id: string): boolean | undefined {
  let looking = '';
  // Faults inside the look run walks of their own over the same entry.
  let inner = 0;
  let faults = 0;
  let callback = 0;
  let ignoring = 0;
  for (const e of calls) {
    if (e.t !== undefined) continue;
    if (e.e === 'invalidate_cb') {
      if (e.ignored === 1) ignoring = callback;
      callback++;
      continue;
    }
    if (e.e !== '>' && e.e !== '<') continue;
    if (e.f === 'dmirror_devmem_fault') faults += e.e === '>' ? 1 : -1;
    if (e.f === 'notifier_range_start' && e.e === '>') callback = 0;
    if (looking !== '') {
      if (e.f !== looking) continue;
      if (e.e === '>') inner++;
      else if (inner-- === 0) return flagNames(e.hmm_pfn).includes('VALID');
      continue;
    }
    if (e.e !== '>') continue;
    const look =
      (e.f === 'hmm_vma_handle_pte' && e.addr === page && names(e.pte, id)) ||
      (e.f === 'hmm_vma_handle_absent_pmd' && e.start === page && names(e.pmdval, id));
    // Without the series, the walk of a device fault says no more than that it is there.
    const collects = e.f === 'migrate_vma_collect_pmd' && within(e, page);
    if (faults > 0 && (look || collects)) return ignoring === 0;
    if (look) looking = String(e.f);
  }
  return undefined;
}

const within = (e: GoldenEvent, page: number): boolean => (e.start as number) <= page && page < (e.end as number);

const names = (value: unknown, id: string): boolean => typeof value === 'string' && splitName(value).id === id;

function stillThere(golden: Golden, page: number, id: string): boolean {
  const pt = golden.after?.pt;
  if (!pt) return false;
  return expandEvents(pt, 'after.pt').some(
    (e) => e.p === page && String(e.val).startsWith('devpriv') && names(e.val, id),
  );
}
