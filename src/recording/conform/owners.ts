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
  for (const e of [...before.pmds, ...before.ptes]) {
    if (e.entry.kind !== 'device' || !e.folio || foreign.has(e.folio.id)) continue;
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

/** Whether the main thread's first look at the entry reported it; undefined when it never looked. */
function reportOf(calls: readonly GoldenEvent[], page: number, id: string): boolean | undefined {
  let looking = '';
  // Faults inside the look run walks of their own over the same entry.
  let inner = 0;
  for (const e of calls) {
    if (e.t !== undefined || (e.e !== '>' && e.e !== '<')) continue;
    if (looking !== '') {
      if (e.f !== looking) continue;
      if (e.e === '>') inner++;
      else if (inner-- === 0) return flagNames(e.hmm_pfn).includes('VALID');
      continue;
    }
    if (e.e === '>' && e.f === 'hmm_vma_handle_pte' && e.addr === page && names(e.pte, id))
      looking = 'hmm_vma_handle_pte';
    else if (e.e === '>' && e.f === 'hmm_vma_handle_absent_pmd' && e.start === page && names(e.pmdval, id))
      looking = 'hmm_vma_handle_absent_pmd';
  }
  return undefined;
}

const names = (value: unknown, id: string): boolean => typeof value === 'string' && splitName(value).id === id;

function stillThere(golden: Golden, page: number, id: string): boolean {
  const pt = golden.after?.pt;
  if (!pt) return false;
  return expandEvents(pt, 'after.pt').some(
    (e) => e.p === page && String(e.val).startsWith('devpriv') && names(e.val, id),
  );
}
