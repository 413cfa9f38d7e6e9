import type { ReactNode } from 'react';
import type { TextTable } from '../../scene/stage-text.ts';

/** The stage in words: the tables behind the picture. */
export function StageTables({ tables }: { tables: readonly TextTable[] }): ReactNode {
  return (
    // Scrolls, so it must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="stage-tables" role="region" aria-label="Stage as text" tabIndex={0} data-own-keys="">
      {tables.map((t) => (
        <table key={t.caption}>
          <caption>{t.caption}</caption>
          <thead>
            <tr>
              {t.head.map((h) => (
                <th key={h} scope="col">
                  {h}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {t.rows.length === 0 ? (
              <tr>
                <td colSpan={t.head.length}>none</td>
              </tr>
            ) : (
              t.rows.map((row, i) => (
                // Rows have no identity of their own: a table is redrawn whole with every step.
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={i}>
                  {row.map((cell, j) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <td key={j}>{cell}</td>
                  ))}
                </tr>
              ))
            )}
          </tbody>
        </table>
      ))}
    </div>
  );
}
