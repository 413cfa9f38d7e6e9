import { useStore } from 'zustand';
import { type CompareState, type Lanes, compareStore, lanesInPlace } from '../../session/compare/state.ts';

/** Subscribes to the smallest piece of the comparison's state that a component needs. */
export function useCompare<T>(pick: (s: CompareState) => T): T {
  return useStore(compareStore, pick);
}

/** The lanes in place; renders again when others are. */
export function useLanes(): Lanes | null {
  useCompare((s) => s.made);
  return lanesInPlace();
}

/** Lanes are called by letters beside their names. */
export const laneLetter = (lane: number): string => 'ABCD'[lane] ?? '?';
