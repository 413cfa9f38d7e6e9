import type { CDPSession, Page } from '@playwright/test';

/** One event of Chromium's trace; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** time that the thread really ran: other programs on the computer do not count */
  readonly tdur?: number;
}

/** `RunTask` is the outermost event of everything a thread does: scripts, style, layout, paint, commit, collection of garbage. */
const CATEGORIES = ['disabled-by-default-devtools.timeline', 'blink.user_timing'];

/** Names of the marks that what runs in the page puts around an action, or at the begin of each frame. */
export const MARKS = { begin: 'bench-begin', end: 'bench-end', frame: 'bench-frame' } as const;

/**
 * Milliseconds of work of the page's main thread in each stretch between two marks, while `act` runs. Counted are its
 * tasks by the clock of the thread, so waiting for the next frame or for the processor is no work.
 * @param between 'actions': from each begin mark to its end mark; 'frames': from each frame mark to the next
 */
export async function mainThreadWork(
  page: Page,
  between: 'actions' | 'frames',
  act: () => Promise<unknown>,
): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES },
  });
  await act();
  await stopTracing(session);
  await session.detach();
  const marks = (name: string): TraceEvent[] =>
    events.filter((e) => e.name === name && e.ph !== 'n').toSorted((a, b) => a.ts - b.ts);
  const begins = marks(between === 'frames' ? MARKS.frame : MARKS.begin);
  const ends = between === 'frames' ? begins.slice(1) : marks(MARKS.end);
  const [first] = begins;
  if (first === undefined) throw new Error('the trace has no marks: nothing was measured');
  const tasks = events
    .filter((e) => e.name === 'RunTask' && e.pid === first.pid && e.tid === first.tid && (e.dur ?? 0) > 0)
    .toSorted((a, b) => a.ts - b.ts);
  return ends.map((end, i) => workBetween(tasks, (begins[i] as TraceEvent).ts, end.ts) / 1000);
}

function stopTracing(session: CDPSession): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('Tracing.tracingComplete', () => resolve());
    session.send('Tracing.end').catch(reject);
  });
}

/** Thread time of the tasks in a stretch; of a task that lies in it in part, that part. Tasks are sorted. */
function workBetween(tasks: readonly TraceEvent[], from: number, to: number): number {
  let sum = 0;
  for (let i = firstEndingAfter(tasks, from); i < tasks.length; i++) {
    const { ts, dur = 0, tdur = 0 } = tasks[i] as TraceEvent;
    if (ts >= to) break;
    const inside = Math.min(to, ts + dur) - Math.max(from, ts);
    if (inside > 0) sum += (inside / dur) * tdur;
  }
  return sum;
}

/** Tasks of a thread do not overlap, so their ends are sorted as their begins are. */
function firstEndingAfter(tasks: readonly TraceEvent[], time: number): number {
  let lo = 0;
  let hi = tasks.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    const { ts, dur = 0 } = tasks[mid] as TraceEvent;
    if (ts + dur <= time) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
