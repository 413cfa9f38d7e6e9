import { type RecorderRequest, type RecorderReply, fromTransfer } from '../recording/transfer.ts';
import { ScenarioError } from '../scenario/error.ts';
import type { RunSpec, Scenario } from '../scenario/types.ts';
import { engine } from './engine.ts';
import { place } from './player.ts';
import { problemLines } from './problem-lines.ts';
import { startRecorder } from './recorder-worker.ts';
import { specOf } from './routes.ts';
import { type Problem, store } from './store.ts';

/** Requests of up to so many pages are recorded at once, here: a worker would only make them later. */
const HERE_PAGES = 1024;

let worker: Worker | null = null;

function problemOf(error: unknown, title: string): Problem {
  if (error instanceof ScenarioError) return { title, details: problemLines(error.problems) };
  return { title, details: [error instanceof Error ? error.message : String(error)] };
}

function failed(title: string, error: unknown): boolean {
  store.setState({ job: null, problem: problemOf(error, title) });
  return false;
}

/** Stops the recording that is being made; what is on the screen stays. */
export function cancelJob(): void {
  worker?.terminate();
  worker = null;
  if (store.getState().job !== null) store.setState({ job: null, notice: 'Recording stopped.' });
}

/**
 * Records a spec and puts it in place at `step` (undefined = where it is interesting).
 * Until it is done, and when it fails, everything on the screen stays. @returns whether it is in place now.
 */
export async function record(spec: RunSpec, step?: number): Promise<boolean> {
  cancelJob();
  const title = `“${spec.scenario.title}” cannot be recorded`;
  const { start, end } = spec.scenario.request;
  if (end - start <= HERE_PAGES) {
    try {
      const { runScenario } = await engine();
      place(spec, runScenario(spec), step);
      return true;
    } catch (error) {
      return failed(title, error);
    }
  }
  store.setState({ job: { spec, steps: 0, startedAt: performance.now() }, problem: null });
  try {
    const reply = await inWorker({ spec });
    if (reply === null) return false;
    if (reply.kind === 'failed') throw new Error(reply.message);
    // The names of the steps are declared by the code that ran.
    await engine();
    place(spec, fromTransfer(reply.data), step);
    return true;
  } catch (error) {
    return failed(title, error);
  }
}

/** null = cancelled meanwhile. */
function inWorker(request: RecorderRequest): Promise<Exclude<RecorderReply, { kind: 'progress' }> | null> {
  const mine = startRecorder();
  worker = mine;
  return new Promise((resolve, reject) => {
    const stop = store.subscribe((s) => {
      if (s.job === null) finish(() => resolve(null));
    });
    const finish = (settle: () => void): void => {
      stop();
      mine.terminate();
      if (worker === mine) worker = null;
      settle();
    };
    mine.addEventListener('message', ({ data }: MessageEvent<RecorderReply>) => {
      if (data.kind === 'progress') store.setState((s) => ({ job: s.job && { ...s.job, steps: data.steps } }));
      else finish(() => resolve(data));
    });
    mine.addEventListener('error', (e) => finish(() => reject(new Error(e.message || 'the recorder stopped'))));
    mine.postMessage(request);
  });
}

/** Opens a scenario with the unified walk, as it asks for itself. */
export function openScenario(scenario: Scenario, step?: number): Promise<boolean> {
  return record(specOf(scenario), step);
}
