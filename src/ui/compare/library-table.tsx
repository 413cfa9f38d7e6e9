import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { ASPECTS, type Aspect } from '../../recording/compare/outcome.ts';
import { MOST_PAGES, type RunComparison } from '../../recording/compare/runs.ts';
import { type LibraryState, libraryStore, openResult, runLibrary, stopLibrary } from '../../session/compare/library.ts';
import { Scroll } from '../base/scroll.tsx';
import { ASPECT_TITLES } from './outcome-table.tsx';

/** Scenarios shown at most at once; narrowing the choice shows the others. */
const MOST = 200;

/** Every scenario of the library in two ways: which come to something else, in what, and from which step on. */
export function LibraryTable(): ReactNode {
  const s = useStore(libraryStore);
  const [aspect, setAspect] = useState<Aspect | ''>('');
  const shown = s.differ.filter((r) => aspect === '' || (r.outcome?.counts[aspect] ?? 0) > 0);
  return (
    <Scroll className="scroll" label="All scenarios in two ways">
      <Ask state={s} />
      {s.error === '' ? null : (
        <p className="compare-error" role="alert">
          {s.error}
        </p>
      )}
      {s.ran === null ? null : (
        <>
          <p className="library-sum">
            <output>
              {s.done} of {s.of} scenarios: {s.differ.length} differ, {s.done - s.differ.length} do the same step by
              step.
            </output>
            {s.left.length > 0 ? (
              <span className="hint">
                {' '}
                Left out, more than {MOST_PAGES} pages: {s.left.join(', ')}.
              </span>
            ) : null}
          </p>
          <label className="library-filter">
            show{' '}
            <select className="field small" value={aspect} onChange={(e) => setAspect(e.target.value as Aspect | '')}>
              <option value="">every difference</option>
              {ASPECTS.map((x) => (
                <option key={x} value={x}>
                  {ASPECT_TITLES[x]} ({s.differ.filter((r) => (r.outcome?.counts[x] ?? 0) > 0).length})
                </option>
              ))}
            </select>
          </label>
          <Results rows={shown.slice(0, MOST)} />
        </>
      )}
    </Scroll>
  );
}

function Ask({ state }: { state: LibraryState }): ReactNode {
  return (
    <form
      className="add-lane"
      aria-label="Compare all scenarios"
      onSubmit={(e) => {
        e.preventDefault();
        runLibrary();
      }}
    >
      {(['a', 'b'] as const).map((way) => (
        <label key={way}>
          <span>{way.toUpperCase()}</span>
          <input
            className="field small"
            list="compare-ways"
            value={state[way]}
            onChange={(e) => libraryStore.setState({ [way]: e.target.value })}
          />
        </label>
      ))}
      <datalist id="compare-ways">
        {['rfc', 'v2', 'v7', 'fixed', 'v2+R-07', 'fault-then-migrate', 'migrate-fault-migrate', 'base', 'k715'].map(
          (w) => (
            <option key={w} value={w}>
              {w}
            </option>
          ),
        )}
      </datalist>
      <label>
        <span>only</span>
        <input
          className="field small"
          placeholder="words of title or tags"
          value={state.filter}
          onChange={(e) => libraryStore.setState({ filter: e.target.value })}
        />
      </label>
      {state.running ? (
        <>
          <button type="button" className="button small" onClick={stopLibrary}>
            Stop
          </button>
          <progress aria-label="Comparing scenarios" max={state.of} value={state.done} />
        </>
      ) : (
        <button type="submit" className="button small primary">
          Run both ways
        </button>
      )}
      <span className="hint">strategy, revision or kernel, and switches: v7+R-07</span>
    </form>
  );
}

function Results({ rows }: { rows: readonly RunComparison[] }): ReactNode {
  if (rows.length === 0) return null;
  return (
    <table className="plain library-table">
      <caption className="visually-hidden">Scenarios whose two runs differ</caption>
      <thead>
        <tr>
          <th scope="col">scenario</th>
          {ASPECTS.map((x) => (
            <th key={x} scope="col">
              {ASPECT_TITLES[x]}
            </th>
          ))}
          <th scope="col">first step that differs</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.scenario}>
            <th scope="row">
              {r.problem === undefined ? (
                <button type="button" className="link" title={r.title} onClick={() => openResult(r)}>
                  {r.scenario}
                </button>
              ) : (
                r.scenario
              )}
            </th>
            {r.problem === undefined ? (
              <>
                {ASPECTS.map((x) => (
                  <td key={x}>{aspectText(r, x)}</td>
                ))}
                <td className="library-says">
                  {r.first === undefined ? null : <b>{r.first.map((n) => (n < 0 ? 'ended' : n + 1)).join(' | ')} </b>}
                  <span title={r.says}>{r.says ?? 'none: the steps are the same'}</span>
                </td>
              </>
            ) : (
              <td colSpan={ASPECTS.length + 1}>cannot be run in both ways: {r.problem}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function aspectText(r: RunComparison, aspect: Aspect): string {
  const count = r.outcome?.counts[aspect] ?? 0;
  if (count === 0) return '=';
  const [only] = r.outcome?.list.filter((d) => d.aspect === aspect) ?? [];
  if (count === 1 && only !== undefined && aspect !== 'locks') return `${only.where}: ${only.a} | ${only.b}`;
  return aspect === 'locks' ? '≠' : `≠ ${count}`;
}
