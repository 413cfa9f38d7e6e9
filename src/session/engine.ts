import type * as Parts from './engine-parts.ts';

/**
 * The simulated kernel and the library of scenarios, as a chunk of their own: the page's frame is painted while they
 * load. Everything that records, or reads a link, waits for this one promise.
 */
export type Engine = typeof Parts;

let loading: Promise<Engine> | null = null;

/** The engine; loaded on the first call. */
export function engine(): Promise<Engine> {
  loading ??= import('./engine-parts.ts');
  return loading;
}
