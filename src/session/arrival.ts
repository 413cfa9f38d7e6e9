import { onFrame } from './frame.ts';
import { store } from './store.ts';

/**
 * A visit's first frames. The stage and what moves the walk stand in the frame of the first recording; everything else
 * is filled after that has been painted, a part in each frame, in the order of this list. A page that has to wait (for a
 * long recording, or because something went wrong) fills them at once. Later recordings find all of them in place.
 */
const PARTS = ['pfns', 'text', 'timeline', 'code', 'rest'] as const;
export type Part = (typeof PARTS)[number];

const told = new Set<() => void>();
let filled = 0;

function fill(): void {
  filled++;
  for (const tell of told) tell();
  if (filled < PARTS.length) onFrame(fill);
}

/** Whether a part may be filled. */
export const isFilled = (part: Part): boolean => PARTS.indexOf(part) < filled;

/** Tells `tell` whenever another part may be filled. @returns the way to stop that */
export function watchArrival(tell: () => void): () => void {
  told.add(tell);
  return () => told.delete(tell);
}

/** Wires the parts to the first recording; called once. */
export function startArrival(): void {
  const stop = store.subscribe((s) => {
    if (s.recording === 0 && s.job === null && s.problem === null) return;
    stop();
    // The first frame is the stage's.
    onFrame(() => onFrame(fill));
  });
}

/** Resolves when every part is filled and the page has a moment to spare. */
export function atLeisure(): Promise<void> {
  return new Promise((resolve) => {
    const rest = (): void => {
      if (!isFilled('rest')) return;
      stop();
      if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: 1000 });
      else setTimeout(resolve, 50);
    };
    const stop = watchArrival(rest);
    rest();
  });
}
