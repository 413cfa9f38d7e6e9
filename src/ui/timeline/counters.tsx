import { type ReactNode, Suspense, lazy, useMemo } from 'react';
import { COUNTERS, countersAt } from '../../recording/counters.ts';
import { useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';

// The cost model is text of its own; the first load does not wait for it.
const CyclesLine = lazy(async () => ({ default: (await import('../cost/cycles-line.tsx')).CyclesLine }));

/** Counts up to the cursor beside those of the whole recording; what never happens in it is left out. */
export function Counters(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('counters');
  const rec = loaded?.recording;
  const total = useMemo(() => (rec === undefined ? null : countersAt(rec, rec.length - 1)), [rec]);
  if (rec === undefined || total === null) return null;
  const now = countersAt(rec, step);
  const before = countersAt(rec, step - 1);
  return (
    <Scroll className="counters" label="Counters">
      <table>
        <caption className="visually-hidden">
          Counters up to step {step + 1} of {rec.length}
        </caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">counter</th>
            <th scope="col">up to here</th>
            <th scope="col">in all</th>
          </tr>
        </thead>
        <tbody>
          {COUNTERS.filter((c) => total[c.id] > 0).map((c) => (
            <tr key={c.id} title={c.says} className={now[c.id] === before[c.id] ? undefined : 'changed'}>
              <th scope="row">{c.title}</th>
              <td>{now[c.id]}</td>
              <td className="of">{total[c.id]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Suspense fallback={null}>
        <CyclesLine />
      </Suspense>
    </Scroll>
  );
}
