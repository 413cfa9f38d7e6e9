import type { ReactNode } from 'react';
import { Windowed } from './windowed.tsx';

/** Pixels; the style sheet gives the rows that height. */
const ROW = 24;

/** A table of which only the rows in view exist; a column's cells are as wide as the class says. */
export function Grid({
  label,
  kind,
  columns,
  count,
  current,
  renderRow,
}: {
  label: string;
  /** class that lays out the columns */
  kind: string;
  columns: readonly string[];
  count: number;
  /** row to keep in view, -1 = none */
  current: number;
  renderRow: (i: number) => ReactNode;
}): ReactNode {
  return (
    <div className="grid" role="table" aria-label={label} aria-rowcount={count + 1}>
      <div role="rowgroup">
        <div role="row" className={`grid-head ${kind}`}>
          {columns.map((c) => (
            <span key={c} role="columnheader">
              {c}
            </span>
          ))}
        </div>
      </div>
      <Windowed count={count} rowHeight={ROW} current={current} role="rowgroup" renderRow={renderRow} />
    </div>
  );
}

/** One row; the cells stand in the order of the columns. */
export function GridRow({
  kind,
  mark,
  index,
  cells,
}: {
  kind: string;
  mark: string;
  index: number;
  cells: readonly ReactNode[];
}): ReactNode {
  return (
    <div role="row" aria-rowindex={index + 2} className={`grid-row ${kind} ${mark}`}>
      {cells.map((cell, i) => (
        // The cells of a row never change places.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={i} role="cell">
          {cell}
        </span>
      ))}
    </div>
  );
}
