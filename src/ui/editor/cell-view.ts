import { AREA_PAGES } from '../../scenario/edit/areas.ts';
import { stretchAt } from '../../scenario/edit/paint.ts';
import type { Scenario, ScenarioEntry } from '../../scenario/types.ts';
import type { EntryKind } from '../../scene/entry-view.ts';

/** The kind that a cell of the board shows for a stretch. */
export function kindOf(e: ScenarioEntry): EntryKind {
  switch (e.kind) {
    case 'present':
      return e.special === true ? 'special' : e.level === 'pmd' ? 'huge' : 'present';
    case 'device-exclusive':
      return 'exclusive';
    case 'hwpoison':
      return 'poison';
    default:
      return e.kind;
  }
}

/** Kinds of the 512 pages of an area as drawn: `outside` where no VMA is, `absent` where no table is needed. */
export function kindsDrawn(s: Scenario, area: number): readonly EntryKind[] {
  const kinds: EntryKind[] = Array.from({ length: AREA_PAGES }, () => 'outside');
  const fill = (from: number, to: number, kind: EntryKind): void => {
    for (let p = Math.max(from, area); p < Math.min(to, area + AREA_PAGES); p++) kinds[p - area] = kind;
  };
  const leaf = stretchAt(s, area);
  const huge = leaf !== undefined && leaf.level === 'pmd' && leaf.kind !== 'none';
  const table =
    s.entries.some((e) => e.level === 'pte' && e.page < area + AREA_PAGES && e.page + e.count > area) ||
    s.tables?.some((t) => t.level === 'pte' && t.page >= area && t.page < area + AREA_PAGES) === true;
  for (const v of s.vmas) fill(v.start, v.end, table ? 'none' : 'absent');
  if (huge) fill(area, area + AREA_PAGES, kindOf(leaf));
  else for (const e of s.entries) fill(e.page, e.page + e.count, kindOf(e));
  return kinds;
}
