import type { ReactNode } from 'react';
import { goToLine } from '../../session/patch/actions.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';

/** What could not be read or was damaged on the way, and the sites that found no line. */
export function Problems({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const { set, binding } = loaded;
  const missing = [...binding.ambiguous, ...binding.unbound];
  return (
    <>
      <h3>The input</h3>
      {set.problems.length === 0 ? <p className="patch-hint">Everything was read as it was posted.</p> : null}
      <ul className="patch-problems">
        {set.problems.map((p, i) => (
          <li key={i}>
            <strong>{p.severity === 'broken' ? 'not used' : 'damaged'}</strong>: {p.what}{' '}
            <button type="button" className="link" onClick={() => goToLine(p.line)}>
              {set.inputs[set.lines.source[p.line] ?? 0]}:{set.lines.number[p.line] ?? 0}
            </button>
          </li>
        ))}
      </ul>
      <h3>Sites of the model</h3>
      <p className="patch-hint">
        {binding.bound.length} of {binding.total} are bound to a line; {binding.outside.length} have no line in a
        posting of this series (unchanged code, or only with a fix switch).
      </p>
      <ul className="patch-problems">
        {missing.map((u) => (
          <li key={u.site}>
            <code>{u.site}</code>: {u.reason}
          </li>
        ))}
      </ul>
    </>
  );
}
