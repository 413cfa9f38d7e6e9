import { createStore } from 'zustand/vanilla';
import { type Weights, parseWeights, weightsText } from '../recording/cost.ts';
import type { CounterId } from '../recording/counters.ts';
import { storage } from './settings.ts';

const KEY = 'weights';

/** What was remembered; nothing when it cannot be read. */
function read(): Weights {
  try {
    return parseWeights(storage.getItem(KEY) ?? '');
  } catch {
    return {};
  }
}

/** Cycles per count of the counters whose weight the person has changed; remembered between visits. */
export const weights = createStore<{ readonly weights: Weights }>(() => ({ weights: read() }));

function put(next: Weights): void {
  weights.setState({ weights: next });
  storage.setItem(KEY, weightsText(next));
}

/** Sets one weight in cycles; undefined brings the default back. */
export function setWeight(id: CounterId, cycles: number | undefined): void {
  const { [id]: _, ...rest } = weights.getState().weights;
  put(cycles === undefined ? rest : { ...rest, [id]: cycles });
}

/** Brings all defaults back. */
export function resetWeights(): void {
  put({});
}
