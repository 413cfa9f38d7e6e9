import { allSites } from '../../machine/sites.ts';

let known: Map<string, number> | undefined;

/** Number of a kernel function, which a site carries above its label; -1 when no site of it is declared. */
export function functionNumber(name: string): number {
  known ??= new Map(allSites().map((s) => [s.fn, s.id >> 5]));
  return known.get(name) ?? -1;
}

/** Those of the functions that exist, by number. */
export function functionNumbers(...names: string[]): ReadonlySet<number> {
  return new Set(names.map(functionNumber).filter((n) => n >= 0));
}

/** Id of a site `function:label`; -1 when there is none. */
export function siteNumber(name: string): number {
  siteIds ??= new Map(allSites().map((s) => [`${s.fn}:${s.label}`, s.id]));
  return siteIds.get(name) ?? -1;
}

let siteIds: Map<string, number> | undefined;
