import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { coverageByLine } from '../../patch/line-coverage.ts';
import { KIND, isDiffKind } from '../../patch/read/kinds.ts';
import type { Rows } from '../../patch/rows.ts';
import { copyLine, goToLine, lineOfRow, runToLine, seekRow } from '../../session/patch/actions.ts';
import { copyLineLink } from '../../session/patch/line-link.ts';
import { type LoadedPatch, patchStore } from '../../session/patch/state.ts';
import { useKnown } from '../base/use-app.ts';
import { Windowed } from '../text/windowed.tsx';
import { DiffRow, type RowMarks } from './diff-row.tsx';
import { usePatch } from './use-patch.ts';

/** Height of a row; the style sheet says the same. */
const ROW = 19;

/** The lines of the patch, of which only those in view exist. */
export function DiffList({
  loaded,
  rows,
  split,
  lit,
}: {
  loaded: LoadedPatch;
  rows: Rows;
  split: boolean;
  lit: number | null;
}): ReactNode {
  const line = usePatch((s) => s.line);
  const query = usePatch((s) => s.query);
  const coverage = usePatch((s) => s.coverage);
  const known = useKnown();
  const current = rows.rowOf[line] ?? -1;
  const covered = useMemo(
    () => (coverage === null ? null : new Map(coverageByLine(loaded.binding, coverage).map((l) => [l.line, l.runs]))),
    [loaded, coverage],
  );
  const sitesOf = useMemo(() => sitesByLine(loaded), [loaded]);
  const marks: RowMarks = {
    lit,
    query,
    runs: (i) => {
      const sites = sitesOf.get(i);
      if (sites === undefined) return null;
      const sum = sites.reduce((n, s) => n + (known?.siteCounts[s.site] ?? 0), 0);
      return { runs: sum, exact: sites.every((s) => s.alone) };
    },
    covered: (i) => covered?.get(i) ?? null,
  };
  return (
    <div className={split ? 'patch-list split' : 'patch-list'} onKeyDownCapture={(e) => onKey(e, loaded, rows)}>
      <Windowed
        count={rows.count}
        rowHeight={ROW}
        current={current}
        label="Lines of the patch"
        role="listbox"
        activeId={current >= 0 ? `patch-row-${current}` : ''}
        onMove={(row) => goToLine(lineOfRow(rows, row))}
        renderRow={(row) => (
          <DiffRow key={row} set={loaded.set} rows={rows} row={row} selected={row === current} marks={marks} />
        )}
      />
    </div>
  );
}

/** Sites of each line, and whether the line is the only place of theirs. */
function sitesByLine(loaded: LoadedPatch): Map<number, { site: number; alone: boolean }[]> {
  const out = new Map<number, { site: number; alone: boolean }[]>();
  for (const b of loaded.binding.bound)
    for (const line of b.lines) {
      const entry = { site: b.site, alone: b.lines.length === 1 };
      const known = out.get(line);
      if (known) known.push(entry);
      else out.set(line, [entry]);
    }
  return out;
}

/** Keys of the list: lines, hunks, remarks, the search, and running to a line. */
function onKey(e: KeyboardEvent, loaded: LoadedPatch, rows: Rows): void {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const { set } = loaded;
  const { line } = patchStore.getState();
  const kind = (i: number): number => set.lines.kind[i] ?? 0;
  const current = rows.rowOf[line] ?? -1;
  const step = (by: number): void => goToLine(lineOfRow(rows, Math.max(0, Math.min(rows.count - 1, current + by))));
  const isSite = (i: number): boolean => loaded.steps.sitesAt(i).length > 0;
  const actions: Readonly<Record<string, () => unknown>> = {
    j: () => step(1),
    k: () => step(-1),
    n: () => seekRow(rows, 1, 'hunk', (i) => kind(i) === KIND.hunk),
    p: () => seekRow(rows, -1, 'hunk', (i) => kind(i) === KIND.hunk),
    N: () => seekRow(rows, 1, 'file', (i) => kind(i) === KIND.file && (set.lines.text[i] ?? '').includes('diff ')),
    P: () => seekRow(rows, -1, 'file', (i) => kind(i) === KIND.file && (set.lines.text[i] ?? '').includes('diff ')),
    r: () => seekRow(rows, 1, 'remark', (i) => kind(i) === KIND.comment),
    R: () => seekRow(rows, -1, 'remark', (i) => kind(i) === KIND.comment),
    m: () => seekRow(rows, 1, 'modelled statement', isSite),
    M: () => seekRow(rows, -1, 'modelled statement', isSite),
    s: () => patchStore.setState((s) => ({ split: !s.split })),
    o: () => patchStore.setState((s) => ({ panel: s.panel === 'outline' ? null : 'outline' })),
    y: () => copyLine(line),
    l: () => void copyLineLink(line),
    '/': () => document.getElementById('patch-search')?.focus(),
    Enter: () => (isDiffKind(kind(line)) || kind(line) === KIND.hunk ? runToLine(line) : undefined),
  };
  const action = Object.hasOwn(actions, e.key) ? actions[e.key] : undefined;
  if (action === undefined) return;
  e.preventDefault();
  e.stopPropagation();
  action();
}
