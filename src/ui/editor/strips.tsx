import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { AREA_PAGES, areasOf } from '../../scenario/edit/areas.ts';
import type { Scenario } from '../../scenario/types.ts';
import { editor, select } from '../../session/editor.ts';
import { kindsDrawn } from './cell-view.ts';

/** Areas offered side by side; of more, those around the one in view. */
const MOST_SHOWN = 12;

/** The 2 MiB areas of the memory, each as one bar of what it holds; the one in view is pressed. */
export function AreaStrip({ draft }: { draft: Scenario }): ReactNode {
  const area = useStore(editor, (s) => s.area);
  const all = areasOf(draft);
  const at = Math.max(0, all.indexOf(area));
  const first = Math.max(0, Math.min(at - MOST_SHOWN / 2, all.length - MOST_SHOWN));
  const shown = all.includes(area) ? all.slice(first, first + MOST_SHOWN) : [...all.slice(0, MOST_SHOWN - 1), area];
  return (
    <nav className="areas" aria-label="2 MiB areas">
      {shown.map((a) => (
        <button
          key={a}
          type="button"
          className="area"
          aria-pressed={a === area}
          title={`Pages ${a} to ${a + AREA_PAGES - 1}`}
          onClick={() => select(a, a + 1)}
        >
          <span className="area-bar" aria-hidden="true">
            {runs(kindsDrawn(draft, a)).map(([kind, count], i) => (
              // oxlint-disable-next-line react/no-array-index-key -- the runs have no other name
              <i key={i} className={`k-${kind}`} style={{ flexGrow: count }} />
            ))}
          </span>
          {a}
        </button>
      ))}
      {all.length > shown.length ? (
        <span className="hint">{all.length} areas in all; PageUp and PageDown go on</span>
      ) : null}
    </nav>
  );
}

/** Neighbours that are alike, as runs. */
function runs<T>(items: readonly T[]): readonly (readonly [T, number])[] {
  const out: [T, number][] = [];
  for (const x of items) {
    const last = out.at(-1);
    if (last?.[0] === x) last[1]++;
    else out.push([x, 1]);
  }
  return out;
}
