import type { ReactNode } from 'react';
import { questionText } from '../../check/explorer/question.ts';
import { allSites } from '../../machine/sites.ts';
import type { SearchState } from '../../session/search/state.ts';

const count = (n: number): string => n.toLocaleString('en');

/** How the search goes, in figures and in a sentence. */
export function Figures({ state }: { state: SearchState }): ReactNode {
  const { asked, progress, running, ms, found } = state;
  if (asked === null) return null;
  const question = questionText(asked.question);
  if (progress === null)
    return (
      <p role="status">
        Searching: {question}, on {asked.revision} …
      </p>
    );
  const rate = ms === 0 ? 0 : Math.round((progress.distinct / ms) * 1000);
  return (
    <section aria-label="How the search goes">
      <p role="status">{sentence(state, question)}</p>
      <dl className="search-figures">
        <Figure name="bound" value={`${progress.weight} of ${progress.bound}`} />
        <Figure name="scenarios" value={count(progress.drafts)} />
        <Figure name="runs" value={count(progress.runs)} />
        <Figure name="distinct states" value={`${distinctSense(state)}${count(progress.distinct)}`} />
        <Figure name="states per second" value={count(rate)} />
        <Figure name="statements reached" value={`${count(progress.sites)} of ${count(allSites().length)}`} />
        <Figure name="seconds" value={(ms / 1000).toFixed(1)} />
      </dl>
      {progress.mended.length === 0 ? null : (
        <p className="hint">Mended for now, to see what they hide: {progress.mended.join(', ')}.</p>
      )}
      {progress.cut === 0 ? null : (
        <p className="hint">{count(progress.cut)} scenarios were too long to be tried to the end.</p>
      )}
      {progress.full ? <p className="hint">The set of states is full: newer states are not counted.</p> : null}
      {running || found.length > 0 || !progress.complete ? null : (
        <p className="hint">That is no proof: larger memories and more preemptions have not been tried.</p>
      )}
    </section>
  );
}

/** Whether the number of states is a bound: of a full set from below, of several workers' from above. */
const distinctSense = ({ progress, asked }: SearchState): string => {
  if (progress?.full === true) return 'over ';
  return (asked?.workers ?? 1) > 1 ? 'up to ' : '';
};

function sentence({ running, progress, found, asked }: SearchState, question: string): string {
  const hits = found.length === 0 ? 'nothing found' : `${count(found.length)} found`;
  const on = `${question}, on ${asked?.revision ?? ''}`;
  if (running) return `Searching: ${on}; ${hits} so far.`;
  if (progress?.complete === true)
    return found.length === 0
      ? `No run to ${on} within bound ${progress.bound} (${count(progress.distinct)} states).`
      : `Done: ${on}; ${hits} within bound ${progress.bound}.`;
  return `Stopped: ${on}; ${hits} so far.`;
}

function Figure({ name, value }: { name: string; value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
