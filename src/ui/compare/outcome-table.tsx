import type { ReactNode } from 'react';
import { ASPECTS, type Aspect, type Outcome } from '../../recording/compare/outcome.ts';
import { Scroll } from '../base/scroll.tsx';
import { laneLetter, useLanes } from './use-lanes.ts';

export const ASPECT_TITLES: Readonly<Record<Aspect, string>> = {
  result: 'Result',
  findings: 'Findings',
  entries: 'Final page table',
  arrays: 'Final arrays',
  counters: 'Counters',
  locks: 'Order of locks',
};

/** What the lanes come to: each beside the first. */
export function OutcomeTable(): ReactNode {
  const lanes = useLanes();
  if (lanes === null) return null;
  return (
    <Scroll className="scroll" label="What the lanes come to">
      {lanes.lanes.map((lane, i) =>
        lane.outcome === null ? null : (
          // oxlint-disable-next-line react/no-array-index-key -- lanes are what stands at a place
          <Differences
            key={i}
            a={lanes.lanes[0]?.name ?? ''}
            b={lane.name}
            letter={laneLetter(i)}
            outcome={lane.outcome}
          />
        ),
      )}
    </Scroll>
  );
}

function Differences({ a, b, letter, outcome }: { a: string; b: string; letter: string; outcome: Outcome }): ReactNode {
  const differ = ASPECTS.filter((x) => outcome.counts[x] > 0);
  const same = ASPECTS.filter((x) => outcome.counts[x] === 0).map((x) => ASPECT_TITLES[x].toLowerCase());
  return (
    <section className="outcome">
      <h3>
        A, {a} | {letter}, {b}
      </h3>
      {same.length === 0 ? null : <p className="hint">The same: {same.join(', ')}.</p>}
      {differ.length === 0 ? null : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">what differs</th>
              <th scope="col">where</th>
              <th scope="col">A</th>
              <th scope="col">{letter}</th>
            </tr>
          </thead>
          <tbody>
            {outcome.list.map((d) => (
              <tr key={`${d.aspect} ${d.where}`}>
                <td>{ASPECT_TITLES[d.aspect]}</td>
                <td>{d.where}</td>
                <td>{d.a}</td>
                <td>{d.b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {differ
        .filter((x) => outcome.counts[x] > outcome.list.filter((d) => d.aspect === x).length)
        .map((x) => (
          <p key={x} className="hint">
            {ASPECT_TITLES[x]}: {outcome.counts[x]} differences in all.
          </p>
        ))}
    </section>
  );
}
