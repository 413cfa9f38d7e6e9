import { columnOf } from '../../recording/compare/align.ts';
import { loaded } from '../player.ts';
import { store } from '../store.ts';
import { leadWith, leaveLanes, makeLanes } from './lanes.ts';
import { presetsOf } from './presets.ts';
import { type Lanes, compareStore, lanesInPlace } from './state.ts';

/** Opens the lanes that were in place, or the first comparison on offer; or goes back to the panes. */
export function toggleLanes(): void {
  const { view, spec } = store.getState();
  if (view === 'compare') {
    leaveLanes();
    return;
  }
  if (spec === null) return;
  const now = lanesInPlace();
  const rec = loaded()?.recording;
  const lane = now?.lanes.findIndex((l) => l.recording === rec) ?? -1;
  if (lane >= 0) {
    store.setState({ view: 'compare' });
    leadWith(lane, columnOf((now as Lanes).alignment, lane, store.getState().step));
    return;
  }
  const presets = presetsOf(spec);
  const fitting = presets.find((p) => p.specs.some((s) => JSON.stringify(s) === JSON.stringify(spec))) ?? presets[0];
  if (fitting === undefined) return;
  const own = fitting.specs.findIndex((s) => JSON.stringify(s) === JSON.stringify(spec));
  void makeLanes(fitting.specs, own < 0 ? {} : { lead: own, step: store.getState().step });
}

/** Makes the next lane the main one. */
export function leadNext(): void {
  const count = lanesInPlace()?.lanes.length ?? 0;
  if (count > 0) leadWith((compareStore.getState().lead + 1) % count);
}
