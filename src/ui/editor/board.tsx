import { type KeyboardEvent, type PointerEvent, type ReactNode, memo, useMemo } from 'react';
import { useStore } from 'zustand';
import { AREA_PAGES } from '../../scenario/edit/areas.ts';
import { ERASER, HUGE_BRUSHES, SMALL_BRUSHES } from '../../scenario/edit/brushes.ts';
import type { Scenario } from '../../scenario/types.ts';
import { type EntryKind, KIND_LETTER, KIND_WORD } from '../../scene/entry-view.ts';
import { editor, moveCursor, paintSelection, select } from '../../session/editor.ts';
import { kindsDrawn } from './cell-view.ts';

/** Cells in a line of the board. */
const ACROSS = 32;

const MOVES: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -ACROSS,
  ArrowDown: ACROSS,
  PageUp: -AREA_PAGES,
  PageDown: AREA_PAGES,
};

/** The brush that a typed letter stands for: one-letter words, and T for a huge page. */
const brushOfKey = (key: string) => [...SMALL_BRUSHES, ...HUGE_BRUSHES].find((b) => b.word === key.toUpperCase());

function onKeyDown(e: KeyboardEvent): void {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const { cursor, area } = editor.getState();
  const by = MOVES[e.key];
  const brush = brushOfKey(e.key);
  if (by !== undefined) moveCursor(by, e.shiftKey);
  else if (e.key === 'Home') moveCursor(area - cursor, e.shiftKey);
  else if (e.key === 'End') moveCursor(area + AREA_PAGES - 1 - cursor, e.shiftKey);
  else if (e.key === 'Enter' || e.key === ' ') paintSelection();
  else if (e.key === 'Delete' || e.key === 'Backspace') paintSelection(ERASER);
  else if (brush !== undefined) {
    editor.setState({ brush });
    paintSelection(brush);
  } else return;
  e.preventDefault();
}

/** The page under the pointer, also while it is captured. */
function pageUnder(e: PointerEvent): number | undefined {
  const cell = document.elementFromPoint(e.clientX, e.clientY)?.closest<HTMLElement>('[data-page]');
  return cell === null || cell === undefined ? undefined : Number(cell.dataset['page']);
}

let anchor: number | null = null;

const drag = {
  onPointerDown(e: PointerEvent): void {
    const page = pageUnder(e);
    if (page === undefined || e.button !== 0) return;
    anchor = e.shiftKey ? editor.getState().from : page;
    select(Math.min(anchor, page), Math.max(anchor, page) + 1, page);
  },
  onPointerMove(e: PointerEvent): void {
    const page = pageUnder(e);
    if (anchor === null || page === undefined || page === editor.getState().cursor) return;
    select(Math.min(anchor, page), Math.max(anchor, page) + 1, page);
  },
  onPointerUp(): void {
    anchor = null;
  },
};

/** The 512 pages of the area in view, 32 in a line: select with arrows or by dragging, paint with Enter or a brush's letter. */
export function Board({ draft }: { draft: Scenario }): ReactNode {
  const area = useStore(editor, (s) => s.area);
  const from = useStore(editor, (s) => s.from);
  const to = useStore(editor, (s) => s.to);
  const cursor = useStore(editor, (s) => s.cursor);
  const preview = useStore(editor, (s) => s.preview);
  const kinds = useMemo(() => kindsDrawn(draft, area), [draft, area]);
  const after = preview.kind === 'ran' && preview.area === area ? preview.after : null;
  const { request } = draft;
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the grid itself takes the focus; its cells follow by aria-activedescendant
    <div
      className="board"
      role="grid"
      tabIndex={0}
      data-first=""
      aria-label={`Pages ${area} to ${area + AREA_PAGES - 1}`}
      aria-rowcount={AREA_PAGES / ACROSS}
      aria-colcount={ACROSS}
      aria-multiselectable="true"
      aria-activedescendant={cursor >= area && cursor < area + AREA_PAGES ? `cell-${cursor}` : undefined}
      onKeyDown={onKeyDown}
      {...drag}
    >
      {Array.from({ length: AREA_PAGES / ACROSS }, (_, row) => (
        <div key={row} role="row" className="board-row">
          <span className="board-page" aria-hidden="true">
            {area + row * ACROSS}
          </span>
          {Array.from({ length: ACROSS }, (_unused, column) => {
            const i = row * ACROSS + column;
            const page = area + i;
            return (
              <Cell
                key={column}
                page={page}
                kind={kinds[i] ?? 'outside'}
                becomes={after?.[i]}
                selected={from <= page && page < to}
                current={page === cursor}
                asked={request.start <= page && page < request.end}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface CellProps {
  readonly page: number;
  readonly kind: EntryKind;
  /** kind after the run, when there was one */
  readonly becomes: EntryKind | undefined;
  readonly selected: boolean;
  readonly current: boolean;
  readonly asked: boolean;
}

const Cell = memo(function Cell({ page, kind, becomes, selected, current, asked }: CellProps): ReactNode {
  // Outside every VMA there is no entry before and after.
  const before = kind === 'outside' ? 'none' : kind;
  const changes = becomes !== undefined && KIND_LETTER[becomes] !== KIND_LETTER[before];
  const says = [
    `page ${page}`,
    KIND_WORD[kind],
    ...(changes ? [`afterwards ${KIND_WORD[becomes]}`] : []),
    ...(asked ? ['asked for'] : []),
  ].join(', ');
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- see the grid
    <div
      id={`cell-${page}`}
      role="gridcell"
      className={`cell k-${kind}`}
      data-page={page}
      data-asked={asked || undefined}
      data-current={current || undefined}
      aria-selected={selected}
      aria-label={says}
      title={says}
    >
      <b>{KIND_LETTER[kind]}</b>
      {changes ? <i className={`k-${becomes}`}>{KIND_LETTER[becomes] || '·'}</i> : null}
    </div>
  );
});
