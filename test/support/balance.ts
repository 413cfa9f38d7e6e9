import { F, PG } from '../../src/machine/layout.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { recount } from '../unit/scenario-recount.ts';

/**
 * What does not add up in a machine after a run: map counts, tables, and references that nobody holds.
 * @param held references of somebody outside the run: pins, pipes
 */
export function imbalance(m: Machine, held = 0): string[] {
  const { problems, residue } = recount(m);
  const backing = new Set<number>();
  for (const f of residue.keys()) if (m.f(f, F.BACKING) !== 0) backing.add(m.folioOf(m.f(f, F.BACKING)));
  let unexplained = -held;
  for (const [f, left] of residue) {
    const counted = m.f(f, F.LIVE) === 1 && (m.f(f, F.FLAGS) & PG.ZERO) === 0 && !backing.has(f);
    if (counted) unexplained += left;
  }
  // The journal of a run is not empty, and hugetlb pages are in no counter of the mm.
  const found = problems.filter((p) => !p.includes('journal') && !p.includes('resident'));
  return unexplained === 0 ? found : [...found, `${unexplained} references that nobody holds`];
}
