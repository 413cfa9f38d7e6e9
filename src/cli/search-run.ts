import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SearchReply, SearchRequest } from '../check/explorer/drive.ts';
import type { Found, SearchOptions, SearchProgress } from '../check/explorer/search.ts';
import { Team } from '../check/explorer/team.ts';

/** What all workers together have found. */
export interface SearchResult extends SearchProgress {
  readonly found: readonly Found[];
  readonly seconds: number;
}

const WORKER = fileURLToPath(new URL('./search-worker.ts', import.meta.url));

/** Milliseconds between two lines about how it goes. */
const TELL = 2000;

/**
 * Searches in `workers` processes (threads would not load TypeScript) for at most so many seconds. Whatever has been
 * found by then is the result; Ctrl-C ends it early in the same way.
 * @throws {Error} when a worker fails
 */
export async function searchWith(
  options: Omit<SearchOptions, 'part'>,
  workers: number,
  seconds: number,
  tell: (line: string) => void,
): Promise<SearchResult> {
  const began = performance.now();
  const processes = Array.from({ length: workers }, () => fork(WORKER, { serialization: 'advanced' }));
  try {
    const team = await ended(options, processes, seconds, (t) => tell(line(t, began)));
    const passed = (performance.now() - began) / 1000;
    const { progress } = team;
    if (progress === null) throw new Error('no worker has said anything');
    return { ...progress, ...(await team.countStates()), found: team.found, seconds: passed };
  } finally {
    for (const process of processes) process.kill();
  }
}

/** The team once all its workers stand still. */
function ended(
  options: Omit<SearchOptions, 'part'>,
  processes: readonly ChildProcess[],
  seconds: number,
  tell: (team: Team) => void,
): Promise<Team> {
  return new Promise((resolve, reject) => {
    const sends = processes.map((worker) => (request: SearchRequest) => void worker.send(request));
    const team = new Team(options, sends, {
      told: () => team.running || settle(() => resolve(team)),
      failed: (message) => settle(() => reject(new Error(message))),
    });
    const stop = (): void => team.stop();
    const timer = Number.isFinite(seconds) ? setTimeout(stop, seconds * 1000) : undefined;
    const teller = setInterval(() => tell(team), TELL);
    process.once('SIGINT', stop);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      clearInterval(teller);
      process.off('SIGINT', stop);
      how();
    };
    processes.forEach((worker, index) => {
      worker.on('error', (error) => settle(() => reject(error)));
      worker.on('exit', (code, signal) => settle(() => reject(new Error(`a worker ended early (${signal ?? code})`))));
      worker.on('message', (reply: SearchReply) => team.hear(index, reply));
    });
    team.start();
  });
}

function line({ progress, found }: Team, began: number): string {
  const seconds = (performance.now() - began) / 1000;
  if (progress === null) return `${seconds.toFixed(0)} s: the workers start\n`;
  const { weight, drafts, runs, distinct } = progress;
  const rate = Math.round(distinct / seconds).toLocaleString('en');
  return `${seconds.toFixed(0)} s: bound ${weight}, ${drafts} scenarios, ${runs} runs, ${distinct.toLocaleString('en')} states (${rate}/s), ${found.length} found\n`;
}
