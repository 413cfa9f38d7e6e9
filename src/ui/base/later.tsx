import { type ReactNode, useSyncExternalStore } from 'react';
import { type Part, isFilled, watchArrival } from '../../session/arrival.ts';

/** A part of the page that a visit's first walk does not wait for. */
export function Later({ part, children }: { part: Part; children: ReactNode }): ReactNode {
  return useSyncExternalStore(watchArrival, () => isFilled(part)) ? children : null;
}
