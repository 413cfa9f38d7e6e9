import type { ReactNode } from 'react';
import { store } from '../../session/store.ts';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';

/** The last thing that went wrong, where it can be read and dismissed. */
export function ProblemBox(): ReactNode {
  const problem = useApp((s) => s.problem);
  return (
    <div role="alert" className="problem-slot">
      {problem === null ? null : (
        <div className="problem">
          <div>
            <strong>{problem.title}</strong>
            {problem.details.map((d) => (
              <p key={d}>{d}</p>
            ))}
          </div>
          <button
            type="button"
            className="button quiet"
            aria-label="Dismiss"
            onClick={() => store.setState({ problem: null })}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
