import type { ReactNode } from 'react';
import { goTo } from '../../session/player.ts';

/** The number of the step that wrote a value; pressing it goes there. */
export function Who({ step, what }: { step: number; what: string }): ReactNode {
  return (
    <button
      type="button"
      className="link"
      aria-label={`${what} Step ${step + 1}`}
      title={`${what} Step ${step + 1}`}
      onClick={() => goTo(step)}
    >
      {step + 1}
    </button>
  );
}
