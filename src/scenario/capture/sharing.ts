import { LIMIT } from '../limits.ts';
import type { ScenarioEntry } from '../types.ts';
import { AREA } from './span.ts';

/** Entries that no more processes share than the model can hold, and what was cut. */
export interface Shared {
  readonly entries: readonly ScenarioEntry[];
  /** forked processes that there will be */
  readonly processes: number;
  /** most processes that share a page in the capture */
  readonly most: number;
}

/** Bounds the number of processes that share pages, so that their page tables and entries stay within LIMIT. */
export function limitSharing(entries: readonly ScenarioEntry[]): Shared {
  let most = 0;
  const areas = new Set<number>();
  for (const entry of entries) {
    most = Math.max(most, sharedBy(entry));
    // Scenario pages need not begin on 2 MiB, so a stretch may touch one area more.
    for (let page = entry.page; page < entry.page + entry.count + AREA; page += AREA)
      areas.add(Math.floor(page / AREA));
  }
  let processes = Math.min(most, LIMIT.CHILDREN);
  while (processes > 0 && !fits(entries, areas.size, processes)) processes--;
  if (processes === most) return { entries, processes, most };
  return { entries: entries.map((entry) => limited(entry, processes)), processes, most };
}

function sharedBy(entry: ScenarioEntry): number {
  return entry.folio?.sharedBy ?? entry.slot?.sharedBy ?? 0;
}

function fits(entries: readonly ScenarioEntry[], areas: number, processes: number): boolean {
  let pages = 0;
  for (const entry of entries) pages += entry.count * (1 + Math.min(processes, sharedBy(entry)));
  return pages <= LIMIT.PAGES && (areas + 1) * (1 + processes) <= LIMIT.TABLES;
}

function limited(entry: ScenarioEntry, processes: number): ScenarioEntry {
  if (sharedBy(entry) <= processes) return entry;
  if (entry.folio?.sharedBy !== undefined) return { ...entry, folio: { ...entry.folio, sharedBy: processes } };
  return { ...entry, slot: { ...entry.slot, sharedBy: processes } };
}
