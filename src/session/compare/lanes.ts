import { columnOf, nextDifference, differenceFrom, stepAt } from '../../recording/compare/align.ts';
import type { CompareReply, CompareRequest } from '../../recording/compare/messages.ts';
import { fromTransfer } from '../../recording/transfer.ts';
import { laneName } from '../../scenario/lane.ts';
import { MOST_LANES } from '../../scenario/link.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { engine } from '../engine.ts';
import { setLaneSpecs } from '../link-sync.ts';
import { goTo, loaded, place } from '../player.ts';
import { type AppState, store } from '../store.ts';
import { keptInView, zoomed } from '../window.ts';
import { type Lane, compareStore, lanesInPlace, setLanesInPlace } from './state.ts';
import { startRecorder } from '../recorder-worker.ts';

let worker: Worker | null = null;

/** Stops the lanes that are being recorded; those in place stay. */
export function cancelLanes(): void {
  worker?.terminate();
  worker = null;
  compareStore.setState({ job: null });
}

/** Where to stand when the lanes are there: a step of the lead; left out, the first difference. */
export interface Start {
  readonly lead?: number;
  readonly step?: number | undefined;
}

/**
 * Records 2 to 4 runs of a scenario, lays them side by side and shows them. Until it is done, and when it fails, what is on
 * the screen stays. @returns whether they are in place
 */
export async function makeLanes(specs: readonly RunSpec[], start: Start = {}): Promise<boolean> {
  if (specs.length < 2 || specs.length > MOST_LANES)
    throw new RangeError(`${specs.length} lanes: expected 2 to ${MOST_LANES}`);
  cancelLanes();
  follow();
  store.setState({ view: 'compare', problem: null });
  compareStore.setState({ job: { done: 0, of: specs.length } });
  const reply = await ask({ kind: 'lanes', specs });
  if (reply === null) return false;
  // The names of the steps are declared by the code that ran.
  await engine();
  compareStore.setState({ job: null });
  if (reply.kind !== 'lanes') {
    const which = reply.kind === 'failed' ? specs[reply.lane] : undefined;
    const message = reply.kind === 'failed' ? reply.message : 'the worker gave no answer';
    const title = which === undefined ? 'The lanes cannot be recorded' : `Lane “${laneName(which)}” cannot be recorded`;
    store.setState((s) => ({
      problem: { title, details: [message] },
      view: lanesInPlace() === null ? 'walk' : s.view,
    }));
    return false;
  }
  const lanes = reply.recordings.map((data, i): Lane => {
    const spec = specs[i] as RunSpec;
    return { spec, name: laneName(spec), recording: fromTransfer(data), outcome: reply.outcomes[i] ?? null };
  });
  const { alignment } = reply;
  setLanesInPlace({ lanes, alignment });
  const lead = Math.min(start.lead ?? 0, lanes.length - 1);
  const first = differenceFrom(alignment, 0, 1);
  const column = start.step !== undefined ? columnOf(alignment, lead, start.step) : first < 0 ? 0 : first;
  compareStore.setState((s) => ({ made: s.made + 1, lead, column, window: [0, Math.max(1, alignment.length)] }));
  putInLead(lead, column);
  return true;
}

/** Asks the worker; null = cancelled meanwhile. */
function ask(request: CompareRequest): Promise<CompareReply | null> {
  const mine = startRecorder();
  worker = mine;
  return new Promise((resolve) => {
    const stop = compareStore.subscribe((s) => {
      if (s.job === null) finish(null);
    });
    const finish = (reply: CompareReply | null): void => {
      stop();
      mine.terminate();
      if (worker === mine) worker = null;
      resolve(reply);
    };
    mine.addEventListener('message', (e: MessageEvent<CompareReply>) => {
      if (e.data.kind === 'recorded') compareStore.setState({ job: { done: e.data.lane + 1, of: jobSize() } });
      else finish(e.data);
    });
    mine.addEventListener('error', (e) =>
      finish({ kind: 'failed', lane: -1, message: e.message || 'the worker stopped' }),
    );
    mine.postMessage(request);
  });
}

const jobSize = (): number => compareStore.getState().job?.of ?? 0;

/** Puts a lane's recording in place, at its step of a column; the others follow. */
function putInLead(lane: number, column: number): void {
  const now = lanesInPlace();
  const made = now?.lanes[lane];
  if (now === null || made === undefined) return;
  compareStore.setState({ lead: lane, column });
  seekOthers(column);
  place(made.spec, made.recording, stepAt(now.alignment, lane, column));
}

/** Makes a lane the one that commands move, at the column where all stand or at another one. */
export function leadWith(lane: number, column = compareStore.getState().column): void {
  if (lane === compareStore.getState().lead) moveTo(column);
  else putInLead(lane, column);
}

function seekOthers(column: number): void {
  const now = lanesInPlace();
  const { lead } = compareStore.getState();
  now?.lanes.forEach((lane, i) => {
    if (i !== lead) lane.recording.seek(stepAt(now.alignment, i, column));
  });
}

/** Moves all lanes to a column. */
export function moveTo(column: number): void {
  const now = lanesInPlace();
  if (now === null) return;
  const to = Math.max(-1, Math.min(column, now.alignment.length - 1));
  seekOthers(to);
  compareStore.setState((s) => ({ column: to, window: keptInView(s.window, to, now.alignment.length) }));
  goTo(stepAt(now.alignment, compareStore.getState().lead, to));
}

/** Goes to the next or previous stretch of differences. */
export function toDifference(way: 1 | -1): void {
  const now = lanesInPlace();
  if (now === null) return;
  const to = nextDifference(now.alignment, compareStore.getState().column, way);
  if (to < 0) store.setState({ notice: way === 1 ? 'No later difference.' : 'No earlier difference.' });
  else moveTo(to);
}

/** Zooms the tracks about the cursor. @param factor columns shown afterwards, relative to now; Infinity = all */
export function zoomTracks(factor: number): void {
  const length = lanesInPlace()?.alignment.length ?? 0;
  compareStore.setState((s) => ({ window: zoomed(s.window, factor, s.column, length) }));
}

/** Leaves the lanes; the one that leads stays in place as the recording. */
export function leaveLanes(): void {
  cancelLanes();
  store.setState({ view: 'walk' });
}

let following = false;

/** Keeps the lanes in step with the recording that all commands move; once. */
function follow(): void {
  if (following) return;
  following = true;
  setLaneSpecs(() => {
    const now = lanesInPlace();
    return now === null ? null : { lanes: now.lanes.map((l) => l.spec), lead: compareStore.getState().lead };
  });
  store.subscribe((s, old) => {
    if (s.view !== 'compare') return;
    if (s.recording !== old.recording) otherRecording(s);
    else if (s.step !== old.step) followStep(s.step);
  });
}

function followStep(step: number): void {
  const now = lanesInPlace();
  if (now === null) return;
  const { lead, column } = compareStore.getState();
  // The lead may stand still while the others do what it does not.
  if (stepAt(now.alignment, lead, column) === step) return;
  const to = columnOf(now.alignment, lead, step);
  seekOthers(to);
  compareStore.setState((s) => ({ column: to, window: keptInView(s.window, to, now.alignment.length) }));
}

/** Another recording is in place: a lane's; the same scenario in another way, which becomes the lead; or another scenario. */
function otherRecording(s: AppState): void {
  const now = lanesInPlace();
  const rec = loaded()?.recording;
  if (now === null || rec === undefined || s.spec === null) return;
  if (now.lanes.some((l) => l.recording === rec)) return;
  const { lead } = compareStore.getState();
  if (s.guide !== null || s.spec.scenario.id !== now.lanes[lead]?.spec.scenario.id) {
    setLanesInPlace(null);
    store.setState({ view: 'walk', notice: 'Another run is open: the lanes are closed.' });
    return;
  }
  const spec = s.spec;
  void makeLanes(
    now.lanes.map((l, i) => (i === lead ? spec : { ...l.spec, scenario: spec.scenario })),
    { lead, step: s.step },
  );
}
