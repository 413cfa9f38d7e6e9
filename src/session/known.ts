import { LANDMARKS, type Landmark, type Landmarks } from '../recording/landmarks.ts';
import { siteCounts } from '../recording/site-counts.ts';
import type { Loaded } from './player.ts';
import type { AppState } from './store.ts';

/**
 * What a pane may show of the recording in place: all of it, or, while a question stands, what lies before its answer.
 * The recording itself stays as it is, and every command still goes anywhere: what the cursor has come to is known.
 */
export interface Known {
  /** why the rest is hidden; '' = nothing is */
  readonly hidden: string;
  /** steps that may be shown: the first so many */
  readonly length: number;
  readonly landmarks: Landmarks;
  /** how often each site ran, by site id */
  readonly siteCounts: Uint32Array;
}

/** Last step that may be shown; Infinity = all. */
export const horizonOf = ({ veil, step }: AppState): number => (veil === null ? Infinity : Math.max(veil.after, step));

let last: { readonly loaded: Loaded; readonly horizon: number; readonly known: Known } | null = null;

/** What may be shown of a recording up to a step, and in words why not more. */
export function knownUpTo(loaded: Loaded, horizon: number, hidden: string): Known {
  if (last?.loaded === loaded && last.horizon === horizon && last.known.hidden === hidden) return last.known;
  const { recording, landmarks } = loaded;
  const known =
    horizon === Infinity
      ? { hidden, length: recording.length, landmarks, siteCounts: loaded.siteCounts }
      : {
          hidden,
          length: horizon + 1,
          landmarks: cut(landmarks, horizon),
          siteCounts: siteCounts(recording, horizon + 1),
        };
  last = { loaded, horizon, known };
  return known;
}

function cut(landmarks: Landmarks, horizon: number): Landmarks {
  const upTo = (k: Landmark): Int32Array => landmarks[k].filter((step) => step <= horizon);
  return Object.fromEntries(LANDMARKS.map((k) => [k, upTo(k)])) as Record<Landmark, Int32Array>;
}
