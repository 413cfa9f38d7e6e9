import type { SearchReply, SearchRequest } from './drive.ts';
import type { Found, SearchOptions, SearchProgress } from './search.ts';
import { StateSet } from './state-set.ts';

/** How a team reaches one of its workers: a web worker's port, a child process. */
export type Send = (request: SearchRequest) => void;

interface Member {
  readonly send: Send;
  progress: SearchProgress | undefined;
  sites: Uint8Array;
  ms: number;
  running: boolean;
  /** hears the states that were asked for */
  counted: ((data: readonly [Int32Array, Int32Array]) => void) | undefined;
}

/** What a team tells the place where it runs. */
export interface TeamListener {
  /** something is new: figures, a hit, an end */
  told(): void;
  /** a worker cannot go on; the team is no longer of use */
  failed(message: string): void;
}

/**
 * One search done by several workers (drive.ts), each with its share of the memories. It deals out the shares and puts
 * together what is said; what carries the messages is the caller's: `send` brings a request to a worker, and the caller
 * hands every reply to `hear`.
 */
export class Team {
  /** hits of all workers, in the order in which they came; one that two workers have found stands once */
  readonly found: Found[] = [];
  private readonly options: Omit<SearchOptions, 'part'>;
  private readonly listener: TeamListener;
  private readonly members: readonly Member[];

  constructor(options: Omit<SearchOptions, 'part'>, workers: readonly Send[], listener: TeamListener) {
    this.options = options;
    this.listener = listener;
    this.members = workers.map((send) => ({
      send,
      progress: undefined,
      sites: new Uint8Array(0),
      ms: 0,
      running: false,
      counted: undefined,
    }));
  }

  /** Begins the search. */
  start(): void {
    this.members.forEach((member, index) => {
      member.running = true;
      member.send({ kind: 'start', options: { ...this.options, part: { index, of: this.members.length } } });
    });
  }

  /** Lets every worker stand still where it is. */
  stop(): void {
    for (const { send, running } of this.members) if (running) send({ kind: 'stop' });
  }

  /** Goes on where it stood. */
  resume(): void {
    for (const member of this.members)
      if (member.progress?.complete !== true) {
        member.running = true;
        member.send({ kind: 'resume' });
      }
  }

  /** True while any worker is at work. */
  get running(): boolean {
    return this.members.some((m) => m.running);
  }

  /** Milliseconds of searching by the worker that has worked longest. */
  get ms(): number {
    return Math.max(...this.members.map((m) => m.ms));
  }

  /**
   * The figures of all workers together; null before the first has said something. `distinct` counts a state for each
   * worker that has reached it (`countStates` counts it once).
   */
  get progress(): SearchProgress | null {
    const said = this.members.flatMap((m) => m.progress ?? []);
    const [first] = said;
    if (first === undefined) return null;
    const sum = (of: (p: SearchProgress) => number): number => said.reduce((n, p) => n + of(p), 0);
    return {
      weight: said.length < this.members.length ? 0 : Math.min(...said.map((p) => p.weight)),
      bound: first.bound,
      drafts: sum((p) => p.drafts),
      runs: sum((p) => p.runs),
      states: sum((p) => p.states),
      distinct: sum((p) => p.distinct),
      full: said.some((p) => p.full),
      sites: this.sites(),
      cut: sum((p) => p.cut),
      mended: [...new Set(said.flatMap((p) => p.mended))],
      complete: said.length === this.members.length && said.every((p) => p.complete),
    };
  }

  /** @param index of the worker, as in the constructor's list */
  hear(index: number, reply: SearchReply): void {
    const member = this.members[index] as Member;
    switch (reply.kind) {
      case 'failed':
        this.listener.failed(reply.message);
        break;
      case 'states':
        member.counted?.(reply.data);
        break;
      case 'progress':
        member.progress = reply.progress;
        member.sites = reply.sites;
        member.ms = reply.ms;
        member.running = reply.running;
        for (const f of reply.found) if (!this.found.some((x) => isSame(x, f))) this.found.push(f);
        if (this.options.first && this.found.length > 0) this.stop();
        this.listener.told();
        break;
      default:
        reply satisfies never;
    }
  }

  /** Distinct states of all workers, each counted once, and whether a set was full (then they are a lower bound). */
  async countStates(): Promise<{ readonly distinct: number; readonly full: boolean }> {
    const all = new StateSet(Math.min(26, this.options.stateBits + Math.ceil(Math.log2(this.members.length))));
    for (const member of this.members)
      all.absorb(
        await new Promise((resolve) => {
          member.counted = resolve;
          member.send({ kind: 'states' });
        }),
      );
    return { distinct: all.size, full: all.full || this.members.some((m) => m.progress?.full === true) };
  }

  private sites(): number {
    const seen = new Set<number>();
    for (const { sites } of this.members) sites.forEach((x, id) => x === 1 && seen.add(id));
    return seen.size;
  }
}

const isSame = (a: Found, b: Found): boolean =>
  a.rule === b.rule && a.site === b.site && a.ledger.join() === b.ledger.join() && a.ledger.length > 0;
