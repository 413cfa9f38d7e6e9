import { useCallback, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import { type Follower, follow, turnOf } from '../../session/follow.ts';
import { type Known, horizonOf, knownUpTo } from '../../session/known.ts';
import { type Loaded, loaded } from '../../session/player.ts';
import { type AppState, store } from '../../session/store.ts';

/** Subscribes to the smallest piece of app state that a component needs. */
export function useApp<T>(pick: (s: AppState) => T): T {
  return useStore(store, pick);
}

/** The recording in place; renders again when another one is. */
export function useLoaded(): Loaded | null {
  useApp((s) => s.recording);
  return loaded();
}

/** What may be shown of the recording in place: renders again when that changes. */
export function useKnown(): Known | null {
  const now = useLoaded();
  const horizon = useApp(horizonOf);
  const hidden = useApp((s) => s.veil?.says ?? '');
  return now === null ? null : knownUpTo(now, horizon, hidden);
}

/** The cursor. The machine stands there already when this renders. */
export function useStep(): number {
  return useApp((s) => s.step);
}

/**
 * The cursor, for a part of the page that follows the stage: it renders again when its turn comes. Whenever it renders,
 * for whatever reason, this is where the machine stands.
 */
export function useStepInTurn(id: Follower): number {
  // Rendered within its frame, so that what it scrolls is scrolled in the same one.
  const subscribe = useCallback((told: () => void) => follow(id, () => flushSync(told)), [id]);
  useSyncExternalStore(subscribe, () => turnOf(id));
  return store.getState().step;
}
