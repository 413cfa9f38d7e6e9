/** Starts the worker that records runs, lanes and libraries; whoever starts it ends it. */
export function startRecorder(): Worker {
  return new Worker(new URL('../worker/recorder.ts', import.meta.url), { type: 'module' });
}
