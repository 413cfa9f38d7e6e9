import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SearchReply, SearchRequest } from '../check/explorer/drive.ts';
import type { Found, SearchOptions, SearchProgress } from '../check/explorer/search.ts';
import { StateSet } from '../check/explorer/state-set.ts';

/** What all workers together have found. */
export interface SearchResult {
  readonly found: readonly Found[];
  readonly states: number;
  readonly distinct: number;
  /** `distinct` is a lower bound */
  readonly full: boolean;
  readonly bound: number;
  /** weight that was being tried when it ended */
  readonly weight: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly runs: number;
  readonly cut: number;
  /** statements of the kernel code that have run */
  readonly sites: number;
}

interface Part {
  readonly worker: ChildProcess;
  progress: SearchProgress | undefined;
  sites: Uint8Array;
  ended: boolean;
}

const WORKER = fileURLToPath(new URL('./search-worker.ts', import.meta.url));

/** Milliseconds between two lines about how it goes. */
const TELL = 2000;

/**
 * Searches in `workers` processes (threads would not load TypeScript), each with its share of the memories, for at most so many seconds. Whatever has been
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
  const parts: Part[] = [];
  const found: Found[] = [];
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      for (const part of parts) if (!part.ended) part.worker.send({ kind: 'stop' } satisfies SearchRequest);
    };
    const timer = Number.isFinite(seconds) ? setTimeout(stop, seconds * 1000) : undefined;
    const teller = setInterval(() => tell(line(parts, found, began)), TELL);
    process.once('SIGINT', stop);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      clearInterval(teller);
      process.off('SIGINT', stop);
      how();
    };
    for (let index = 0; index < workers; index++) {
      const worker = fork(WORKER, { serialization: 'advanced' });
      const part: Part = { worker, progress: undefined, sites: new Uint8Array(0), ended: false };
      parts.push(part);
      worker.on('error', (error) => settle(() => reject(error)));
      worker.on('exit', (code, signal) => {
        if (!part.ended) settle(() => reject(new Error(`a worker ended early (${signal ?? code})`)));
      });
      worker.on('message', (reply: SearchReply) => {
        if (reply.kind === 'failed') settle(() => reject(new Error(reply.message)));
        else if (reply.kind === 'progress') {
          part.progress = reply.progress;
          for (const f of reply.found) if (!found.some((x) => isSame(x, f))) found.push(f);
          if (reply.sites === undefined) return;
          part.sites = reply.sites;
          part.ended = true;
          if (options.first && found.length > 0) stop();
          if (parts.every((p) => p.ended)) settle(resolve);
        }
      });
      worker.send({
        kind: 'start',
        options: { ...options, part: { index, of: workers } },
      } satisfies SearchRequest);
    }
  }).catch((error: unknown) => {
    for (const { worker } of parts) worker.kill();
    throw error;
  });
  const ended = performance.now();
  const all = await together(parts, options.stateBits);
  for (const { worker } of parts) worker.disconnect();
  const sum = (of: (p: SearchProgress) => number): number =>
    parts.reduce((n, { progress }) => n + (progress === undefined ? 0 : of(progress)), 0);
  return {
    found,
    states: sum((p) => p.states),
    distinct: all.size,
    full: all.full || parts.some((p) => p.progress?.full === true),
    bound: options.bound,
    weight: Math.min(...parts.map((p) => p.progress?.weight ?? 0)),
    complete: parts.every((p) => p.progress?.complete === true),
    seconds: (ended - began) / 1000,
    runs: sum((p) => p.runs),
    cut: sum((p) => p.cut),
    sites: covered(parts),
  };
}

const isSame = (a: Found, b: Found): boolean =>
  a.rule === b.rule && a.site === b.site && a.ledger.join() === b.ledger.join() && a.ledger.length > 0;

/** The states of all workers, each counted once. */
async function together(
  parts: readonly Part[],
  bits: number,
): Promise<{ readonly size: number; readonly full: boolean }> {
  const all = new StateSet(Math.min(26, bits + Math.ceil(Math.log2(parts.length))));
  for (const { worker } of parts) {
    const data = await new Promise<readonly [Int32Array, Int32Array]>((resolve) => {
      worker.on('message', (reply: SearchReply) => {
        if (reply.kind === 'states') resolve(reply.data);
      });
      worker.send({ kind: 'states' } satisfies SearchRequest);
    });
    all.absorb(data);
  }
  return all;
}

function covered(parts: readonly Part[]): number {
  const seen = new Uint8Array(1 << 16);
  for (const { sites } of parts) sites.forEach((x, i) => (seen[i] = (seen[i] as number) | x));
  return seen.reduce((n, x) => n + x, 0);
}

function line(parts: readonly Part[], found: readonly Found[], began: number): string {
  const seconds = (performance.now() - began) / 1000;
  const of = (what: (p: SearchProgress) => number): number =>
    parts.reduce((n, { progress }) => n + (progress === undefined ? 0 : what(progress)), 0);
  const distinct = of((p) => p.distinct);
  const weight = Math.min(...parts.map((p) => p.progress?.weight ?? 0));
  const rate = Math.round(distinct / seconds).toLocaleString('en');
  return `${seconds.toFixed(0)} s: bound ${weight}, ${of((p) => p.drafts)} scenarios, ${of((p) => p.runs)} runs, ${distinct.toLocaleString('en')} states (${rate}/s), ${found.length} found\n`;
}
