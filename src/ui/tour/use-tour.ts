import { useStore } from 'zustand';
import { type TourState, tourStore } from '../../session/tour/state.ts';

/** Subscribes to a piece of the tour that is open. */
export function useTour<T>(pick: (s: TourState) => T): T {
  return useStore(tourStore, pick);
}
