import type { Recording } from '../recording/recording.ts';
import { ruleFindings } from '../recording/rule-findings.ts';
import type { RunSpec } from '../scenario/types.ts';
import { type Landmarks, findLandmarks, findLandmarksAnew } from '../recording/landmarks.ts';
import { siteCounts } from '../recording/site-counts.ts';
import { atLeisure } from './arrival.ts';
import { store } from './store.ts';
import { keptInView } from './window.ts';

/**
 * The recording in place, beside the store: machines are large and change in place, so the store
 * holds only the cursor. `goTo` is the one door that moves it; it seeks first, so whoever reads
 * the machine while rendering a cursor reads the state of that cursor.
 */
export interface Loaded {
  readonly spec: RunSpec;
  readonly recording: Recording;
  readonly landmarks: Landmarks;
  /** how often each site ran, by site id */
  readonly siteCounts: Uint32Array;
}

let current: Loaded | null = null;

/** The recording in place; null before the first. */
export function loaded(): Loaded | null {
  return current;
}

/** Step at which a recording opens when nobody says otherwise: the first thing that is worth a look. */
export function openingStep(l: Landmarks, length: number): number {
  for (const kind of ['finding', 'migration', 'split', 'fault', 'lock'] as const) {
    const first = l[kind][0];
    if (first !== undefined) return first;
  }
  return length - 1;
}

/** Puts a finished recording in place; `step` undefined = where it is interesting. */
export function place(spec: RunSpec, recording: Recording, step?: number): void {
  const landmarks = findLandmarks(recording);
  const at = clamp(step ?? openingStep(landmarks, recording.length), recording.length);
  recording.seek(at);
  current = { spec, recording, landmarks, siteCounts: siteCounts(recording) };
  store.setState((s) => ({
    spec,
    recording: s.recording + 1,
    step: at,
    job: null,
    selection: null,
    frame: null,
    playing: 0,
    window: [0, Math.max(1, recording.length)],
    hover: null,
    problem: null,
    notes: [],
    notice: '',
  }));
  if (!ruleFindings.has(recording)) void readRules(recording);
}

/** Reads the rules over a recording that was made here; what they find is marked a moment later. */
async function readRules(recording: Recording): Promise<void> {
  await atLeisure();
  const { checkRecording } = await import('../check/rules/findings.ts');
  if (current?.recording !== recording || checkRecording(recording).length === 0) return;
  current = { ...current, landmarks: findLandmarksAnew(recording) };
  store.setState((s) => ({ recording: s.recording + 1 }));
}

const clamp = (step: number, length: number): number => Math.max(-1, Math.min(Math.trunc(step), length - 1));

/** Moves the cursor; out of range goes to the nearest end. */
export function goTo(step: number): void {
  if (current === null) return;
  const to = clamp(step, current.recording.length);
  if (to === store.getState().step) return;
  current.recording.seek(to);
  store.setState((s) => ({
    step: to,
    frame: null,
    notice: '',
    window: keptInView(s.window, to, current?.recording.length ?? 1),
  }));
}
