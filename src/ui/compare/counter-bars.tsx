import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import { stepAt } from '../../recording/compare/align.ts';
import { costLines } from '../../recording/cost.ts';
import { COUNTERS, type Counters, countersAt } from '../../recording/counters.ts';
import { weights as weightStore } from '../../session/weights.ts';
import { Scroll } from '../base/scroll.tsx';
import { cyclesText, sumOf } from '../cost/cycles.ts';
import { laneLetter, useCompare, useLanes } from './use-lanes.ts';

/** One row: what is counted, per lane so far and in all. */
interface Row {
  readonly title: string;
  readonly says: string;
  readonly here: readonly number[];
  readonly all: readonly number[];
  readonly text: (n: number) => string;
}

/** The lanes' counters side by side, up to the cursor and in all, with the estimated cycles. */
export function CounterBars(): ReactNode {
  const lanes = useLanes();
  const column = useCompare((s) => s.column);
  const weights = useStore(weightStore, (s) => s.weights);
  const all = useMemo(() => lanes?.lanes.map((l) => countersAt(l.recording, l.recording.length - 1)) ?? [], [lanes]);
  if (lanes === null) return null;
  const here = lanes.lanes.map((l, i) => countersAt(l.recording, stepAt(lanes.alignment, i, column)));
  const cycles = (c: Counters): number => sumOf(costLines(c, weights));
  const rows: Row[] = COUNTERS.filter(({ id }) => all.some((c) => c[id] > 0)).map(({ id, title, says }) => ({
    title,
    says,
    here: here.map((c) => c[id]),
    all: all.map((c) => c[id]),
    text: String,
  }));
  rows.push({
    title: 'Estimated cycles',
    says: 'An estimate, not a measurement: see Cost',
    here: here.map(cycles),
    all: all.map(cycles),
    text: cyclesText,
  });
  return (
    <Scroll className="counter-bars" label="Counters side by side">
      <table>
        <caption className="visually-hidden">Counters of the lanes, so far and in all</caption>
        <thead>
          <tr>
            <th scope="col">counter, so far of all</th>
            {lanes.lanes.map((l, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- lanes are what stands at a place
              <th key={i} scope="col" title={l.name}>
                {laneLetter(i)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CounterRow key={row.title} row={row} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function CounterRow({ row }: { row: Row }): ReactNode {
  const most = Math.max(1, ...row.all);
  const differs = row.all.some((n) => n !== row.all[0]);
  return (
    <tr className={differs ? 'differs' : undefined} title={row.says}>
      <th scope="row">
        {row.title}
        {differs ? <span title="The lanes differ"> ≠</span> : null}
      </th>
      {row.all.map((n, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- lanes are what stands at a place
        <td key={i}>
          <span className="meter" aria-hidden="true">
            <i className="bar-all" style={{ width: `${(n / most) * 100}%` }} />
            <i className="bar-here" style={{ width: `${((row.here[i] ?? 0) / most) * 100}%` }} />
          </span>
          <span className="bar-text">
            {row.text(row.here[i] ?? 0)} <small>of {row.text(n)}</small>
          </span>
        </td>
      ))}
    </tr>
  );
}
