import { type Kernel, at, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { WALK } from '../structs.ts';

/** Which page-table lock a function of the walk relies on. */
export type Held = 'none' | 'pmd' | 'pte';

/**
 * The assertion that the review of v2 asked for: the walk believes that it
 * holds exactly this lock. A wrong belief is a WARN. Nothing happens unless the row's switch is on.
 */
export function assertHeld(k: Kernel, row: string, site: number, walk: number, held: Held): void {
  if (!k.fixes.has(row)) return;
  const o = k.m.obj;
  at(k, site);
  const pmd = o.get(walk + WALK.PMDLOCKED) !== 0;
  const pte = o.get(walk + WALK.LOCKED) !== 0;
  const ok = held === 'none' ? !pmd && !pte : held === 'pmd' ? pmd : pte;
  if (!ok) finding(k, site, RULE.WARN, pmd ? 1 : 0, pte ? 1 : 0);
}
