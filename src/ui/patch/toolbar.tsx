import { type ReactNode, useMemo } from 'react';
import { loadedVersions } from '../../patch/range-versions.ts';
import type { Rows } from '../../patch/rows.ts';
import { contains, seekRow } from '../../session/patch/actions.ts';
import { type LoadedPatch, type SidePanel, patchStore } from '../../session/patch/state.ts';
import { Do } from '../base/do.tsx';
import { usePatch } from './use-patch.ts';

const PANELS: readonly (readonly [SidePanel, string])[] = [
  ['outline', 'Outline'],
  ['remarks', 'Remarks'],
  ['sites', 'Coverage'],
  ['problems', 'Problems'],
];
const WITH_RANGE: typeof PANELS = [...PANELS, ['range', 'Range-diff']];

/** Search, views and panels of the patch. */
export function Toolbar({ loaded, rows }: { loaded: LoadedPatch; rows: Rows }): ReactNode {
  const panel = usePatch((s) => s.panel);
  const split = usePatch((s) => s.split);
  const scope = usePatch((s) => s.scope);
  const query = usePatch((s) => s.query);
  const reading = usePatch((s) => s.reading);
  const versions = useMemo(() => (reading === null ? loadedVersions(loaded.set).length : 0), [loaded, reading]);
  const find = (way: 1 | -1): void => {
    if (query !== '') seekRow(rows, way, 'line with that text', contains(loaded.set, query));
  };
  return (
    <div className="bar patch-bar">
      <input
        id="patch-search"
        className="field small grow"
        type="search"
        aria-label="Search the patch"
        placeholder="Search (/), Enter for the next"
        value={query}
        onChange={(e) => patchStore.setState({ query: e.target.value })}
        onKeyDown={(e) => {
          if (e.key === 'Enter') find(e.shiftKey ? -1 : 1);
          if (e.key === 'Escape') document.querySelector<HTMLElement>('.patch-list .windowed')?.focus();
        }}
      />
      {(versions > 1 ? WITH_RANGE : PANELS).map(([id, title]) => (
        <button
          key={id}
          type="button"
          className="button small"
          aria-pressed={panel === id}
          onClick={() => patchStore.setState({ panel: panel === id ? null : id })}
        >
          {title}
          {id === 'problems' && loaded.set.problems.length > 0 ? (
            <span className="badge">{loaded.set.problems.length}</span>
          ) : null}
        </button>
      ))}
      <button
        type="button"
        className="button small"
        aria-pressed={split}
        title="Before and after side by side (S)"
        onClick={() => patchStore.setState({ split: !split })}
      >
        Side by side
      </button>
      <button
        type="button"
        className="button small"
        aria-pressed={scope === 'all'}
        title="Every line as it was loaded, or the patches with the remarks under their lines"
        onClick={() => patchStore.setState({ scope: scope === 'all' ? 'patches' : 'all' })}
      >
        All lines
      </button>
      {reading === null ? null : (
        <span className="hint" role="status" data-reading="">
          reading the rest …
        </span>
      )}
      <Do id="patch-wide" className="button small">
        Wide
      </Do>
      <button type="button" className="button small" onClick={() => patchStore.setState({ opening: true })}>
        Open …
      </button>
    </div>
  );
}
