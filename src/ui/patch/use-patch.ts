import { useStore } from 'zustand';
import { type PatchState, patchStore } from '../../session/patch/state.ts';

/** Subscribes to the smallest piece of the review's state that a component needs. */
export function usePatch<T>(pick: (s: PatchState) => T): T {
  return useStore(patchStore, pick);
}
