import type { ReactNode } from 'react';
import type { Window } from '../../session/window.ts';
import { useKnown } from '../base/use-app.ts';

/** Pixels that the words take. */
const LEGIBLE = 170;

/** Covers what comes while a question stands, and says so. */
export function Veil({ window: [from, to], width }: { window: Window; width: number }): ReactNode {
  const known = useKnown();
  if (known === null || known.hidden === '') return null;
  const left = Math.max(0, ((known.length - from) / (to - from)) * width);
  if (left >= width) return null;
  return (
    <div className="timeline-veil" style={{ left }}>
      <span className={width - left < LEGIBLE ? 'visually-hidden' : undefined}>{known.hidden}</span>
    </div>
  );
}
