import { type ReactNode, Suspense, lazy, memo, useMemo } from 'react';
import { COUNTERS, type Counters as CountsById, countersAt } from '../../recording/counters.ts';
import { Hidden } from '../base/hidden.tsx';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';

// The cost model is text of its own; the first load does not wait for it.
const CyclesLine = lazy(async () => ({ default: (await import('../cost/cycles-line.tsx')).CyclesLine }));

/** Counts up to the cursor beside those of the whole recording; what never happens in it is left out. */
export function Counters(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('counters');
  const rec = loaded?.recording;
  const total = useMemo(() => (rec === undefined ? null : countersAt(rec, rec.length - 1)), [rec]);
  const hidden = useApp((s) => s.veil !== null);
  if (rec === undefined || total === null) return null;
  const now = countersAt(rec, step);
  const shown = COUNTERS.filter((c) => (hidden ? now : total)[c.id] > 0);
  const half = Math.ceil(shown.length / 2);
  const values: Values = { now, before: countersAt(rec, step - 1), total: hidden ? null : total };
  return (
    <Scroll className="counters" label={`Counters up to step ${step + 1} of ${rec.length}`}>
      <div className="counters-tables">
        <Half counters={shown.slice(0, half)} values={values} />
        <Half counters={shown.slice(half)} values={values} />
      </div>
      <Suspense fallback={null}>
        <CyclesLine />
      </Suspense>
      <Hidden what="Counts of the whole" />
    </Scroll>
  );
}

interface Values {
  readonly now: CountsById;
  readonly before: CountsById;
  /** null = must not be seen yet */
  readonly total: CountsById | null;
}

/** One of two tables, which stand beside each other where the pane is low. */
function Half({ counters, values }: { counters: readonly (typeof COUNTERS)[number][]; values: Values }): ReactNode {
  const { now, before, total } = values;
  return (
    <table>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">counter</th>
          <th scope="col">up to here</th>
          <th scope="col">in all</th>
        </tr>
      </thead>
      <tbody>
        {counters.map(({ id, title, says }) => (
          <Row
            key={id}
            title={title}
            says={says}
            now={now[id]}
            total={total === null ? '?' : total[id]}
            changed={now[id] !== before[id]}
          />
        ))}
      </tbody>
    </table>
  );
}

const Row = memo(function Row(c: {
  title: string;
  says: string;
  now: number;
  total: number | '?';
  changed: boolean;
}): ReactNode {
  return (
    <tr title={c.says} className={c.changed ? 'changed' : undefined}>
      <th scope="row">{c.title}</th>
      <td>{c.now}</td>
      <td className="of">{c.total}</td>
    </tr>
  );
});
