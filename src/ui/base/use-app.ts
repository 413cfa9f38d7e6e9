import { useStore } from 'zustand';
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

/** The cursor. The machine stands there already when this renders. */
export function useStep(): number {
  return useApp((s) => s.step);
}
