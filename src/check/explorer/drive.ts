import { type Found, Search, type SearchOptions, type SearchProgress } from './search.ts';

/** What the page (or the command line) asks of a worker that searches. */
export type SearchRequest =
  | { readonly kind: 'start'; readonly options: SearchOptions }
  /** stands still; what has been found stays, and `resume` goes on where it stood */
  | { readonly kind: 'stop' }
  | { readonly kind: 'resume' }
  /** hands over the set of states, so that several workers’ can be counted together */
  | { readonly kind: 'states' };

/** What the worker says, at most five times a second. */
export type SearchReply =
  | {
      readonly kind: 'progress';
      readonly progress: SearchProgress;
      /** what has been found since the last reply */
      readonly found: readonly Found[];
      /** milliseconds of searching so far */
      readonly ms: number;
      /** 1 for every site that has run, by site id */
      readonly sites: Uint8Array;
      /** false with the last reply: done, or stopped */
      readonly running: boolean;
    }
  | { readonly kind: 'states'; readonly data: readonly [Int32Array, Int32Array] }
  | { readonly kind: 'failed'; readonly message: string };

/** Milliseconds of searching between two looks for messages. */
const SLICE = 50;
/** Milliseconds between two reports. */
const REPORT = 200;

/** What a driver needs of the place where it runs. */
export interface Surroundings {
  post(reply: SearchReply): void;
  /** milliseconds, from anywhere on */
  now(): number;
  /** does something once the messages that wait have been heard */
  later(what: () => void): void;
}

/** A search in a worker: it works in slices and listens in between. */
export class Driver {
  private readonly around: Surroundings;
  private search: Search | undefined;
  private running = false;
  private ms = 0;
  private told = 0;
  private reportAt = 0;

  constructor(around: Surroundings) {
    this.around = around;
  }

  hear(request: SearchRequest): void {
    switch (request.kind) {
      case 'start':
        this.search = new Search(request.options);
        this.ms = 0;
        this.told = 0;
        this.go();
        break;
      case 'stop':
        if (this.running) {
          this.running = false;
          this.report();
        }
        break;
      case 'resume':
        this.go();
        break;
      case 'states':
        this.around.post({
          kind: 'states',
          data: this.search?.states.data() ?? [new Int32Array(0), new Int32Array(0)],
        });
        break;
      default:
        request satisfies never;
    }
  }

  private go(): void {
    if (this.running || this.search === undefined) return;
    this.running = true;
    this.around.later(() => this.slice());
  }

  private slice(): void {
    const { search } = this;
    if (!this.running || search === undefined) return;
    const began = this.around.now();
    try {
      search.run(() => this.around.now() - began > SLICE);
    } catch (error) {
      this.running = false;
      this.around.post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      return;
    }
    const now = this.around.now();
    this.ms += now - began;
    if (search.done) this.running = false;
    if (search.done || now >= this.reportAt) this.report();
    if (this.running) this.around.later(() => this.slice());
  }

  private report(): void {
    const { search } = this;
    if (search === undefined) return;
    this.reportAt = this.around.now() + REPORT;
    const found = search.found.slice(this.told);
    this.told = search.found.length;
    this.around.post({
      kind: 'progress',
      progress: search.progress,
      found,
      ms: this.ms,
      sites: search.sites.slice(),
      running: this.running,
    });
  }
}
