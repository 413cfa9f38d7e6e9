import { RULES } from '../../kernel/rules.ts';
import type { End } from '../../kernel/scheduler.ts';
import { G, T, T_STRIDE, ZONE_SHIFT } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, entryPage } from '../../machine/page-table.ts';
import { siteInfo } from '../../machine/sites.ts';
import { ptePfn, pte_none, pte_present, pte_write } from '../../machine/words/pte.ts';
import { is_migration_entry, swpPfn, swpType } from '../../machine/words/swp.ts';

/** Parts of a run's outcome: what it is, and its text; two runs end alike when all texts are equal. */
export type Outcome = readonly (readonly [part: string, text: string])[];

/**
 * How a run ended, in a form that does not depend on which page frames or tables it happened to get: results of the
 * operations, leaf entries of every process, findings. The machine stands at the end of the run.
 */
export function outcomeOf(m: Machine, end: End): Outcome {
  const { log } = m;
  const results: string[] = [end];
  const findings = new Set<string>();
  for (let i = 0; i < log.length; i++) {
    const op = log.op[i];
    if (op === OP.USER && siteInfo(log.site[i] as number).label === 'end') results.push(String(log.b[i]));
    else if (op === OP.FINDING) findings.add(RULES.find((r) => r.id === log.a[i])?.name ?? '?');
  }
  return [
    ['results', results.join(' ')],
    ['page table', leaves(m).join(' ')],
    ['findings', [...findings].toSorted((a, b) => (a < b ? -1 : 1)).join(' ')],
  ];
}

function leaves(m: Machine): string[] {
  const found: { readonly at: number; readonly text: string }[] = [];
  const tables = m.scalar.get(G.TABLES);
  for (let t = 1; t < tables; t++) {
    const o = t * T_STRIDE;
    const level = m.table.get(o + T.LEVEL);
    if (level > 2 || m.table.get(o + T.LIVE) === 0) continue;
    const mm = m.table.get(o + T.MM);
    for (let e = t * 512; e < t * 512 + 512; e++) {
      const lo = entryLo(m, e);
      const hi = entryHi(m, e);
      // A PMD that points to a table is no leaf.
      if (pte_none(lo, hi) || (level === 2 && (lo & 0x81) === 1)) continue;
      const page = entryPage(m, e);
      found.push({ at: mm * 2 ** 28 + page, text: `${mm}:${page}/${level}=${entryText(m, lo, hi)}` });
    }
  }
  return found.toSorted((a, b) => a.at - b.at).map((f) => f.text);
}

/** What an entry says, with the kind of memory instead of the frame. */
function entryText(m: Machine, lo: number, hi: number): string {
  const data = (pfn: number): string => `z${pfn >>> ZONE_SHIFT}d${m.pageGet(pfn, 2)}`;
  if (pte_present(lo, hi)) return `P${pte_write(lo, hi) ? 'w' : 'r'}${lo & 0xfff & ~0x3}${data(ptePfn(lo, hi))}`;
  const type = swpType(lo, hi);
  return is_migration_entry(lo, hi) ? `M${type}${data(swpPfn(lo, hi))}` : `S${type}`;
}
