import { A } from '../machine/layout.ts';
import { WAIT } from '../machine/ops.ts';
import { sites } from './functions.ts';
import { type Kernel, type Run, YIELD, finding } from './kernel.ts';
import { findLeftovers } from './leftovers.ts';
import { RULE, type Rule } from './rules.ts';

const S = sites('holder', {
  blocked: 'nobody is left who could end this wait',
  spins: 'nobody is left who could end this loop',
});

/** When a rival gets the CPU for the first time. */
export type Cue =
  | 'at-once'
  | 'before-first-pmd-lock'
  | 'before-first-pte-lock'
  | 'before-copy'
  | 'before-split'
  | 'mmap-held'
  | 'before-unmap';

export interface Actor {
  readonly name: string;
  readonly program: Run<void>;
  readonly cue: Cue;
  /** stays asleep, once it sleeps, until nobody else can run */
  readonly holds: boolean;
}

/** The moment of the walker that a yield stands for. */
const CUE_OF: Readonly<Record<number, Cue>> = {
  [YIELD.PMD_LOCK]: 'before-first-pmd-lock',
  [YIELD.PTE_LOCK]: 'before-first-pte-lock',
  [YIELD.SPLIT]: 'before-split',
  [YIELD.MMAP_HELD]: 'mmap-held',
  [YIELD.UNMAP]: 'before-unmap',
};

/** How the actors ended. */
export type End = 'returned' | 'blocked' | 'livelock' | 'bug' | 'limit';

type State = 'waiting-for-cue' | 'ready' | 'blocked' | 'sleeping' | 'done';

/**
 * Runs the actors to their ends, one at a time. Actor 0 is the walker; it runs until a cue of a rival
 * comes up, or until it blocks or sleeps. Given the same actors it always does the same.
 */
export class Scheduler {
  private readonly states: State[];
  private readonly depths: number[];
  private readonly k: Kernel;
  private readonly actors: readonly Actor[];
  private readonly maxSteps: number;

  constructor(k: Kernel, actors: readonly Actor[], maxSteps: number) {
    this.k = k;
    this.actors = actors;
    this.maxSteps = maxSteps;
    k.m.log.limit = maxSteps;
    this.states = actors.map((a) => (a.cue === 'at-once' ? 'ready' : 'waiting-for-cue'));
    this.depths = actors.map(() => 0);
    k.concurrent = actors.length > 1;
  }

  /** Runs until every actor has returned or none can go on; stuck actors get a finding. */
  run(): End {
    while (this.turn()) if (this.k.m.log.length > this.maxSteps) return 'limit';
    return verdict(
      this.k,
      this.states.length,
      (i) => this.states[i] === 'done',
      (i) => this.depths[i] as number,
    );
  }

  /** One stretch of the next actor that can run; false when there is none. */
  private turn(): boolean {
    const ready = this.states.indexOf('ready');
    if (ready >= 0) {
      this.stretch(ready);
      return true;
    }
    // Nobody is ready: sleepers wake, then whoever waits for a cue that never came starts.
    const asleep = this.nextSleeper();
    if (asleep >= 0) {
      this.states[asleep] = 'ready';
      return true;
    }
    const late = this.states.indexOf('waiting-for-cue');
    if (late >= 0) {
      this.states[late] = 'ready';
      return true;
    }
    return this.retryBlocked();
  }

  /** A sleeper that does not hold on wakes before one that does. */
  private nextSleeper(): number {
    const light = this.states.findIndex((s, i) => s === 'sleeping' && !(this.actors[i] as Actor).holds);
    return light >= 0 ? light : this.states.indexOf('sleeping');
  }

  /** Asks every blocked actor once more; true when one of them got on. */
  private retryBlocked(): boolean {
    for (let i = 0; i < this.states.length; i++) {
      if (this.states[i] !== 'blocked') continue;
      const before = this.k.m.log.length;
      this.stretch(i);
      if (this.k.m.log.length > before || this.states[i] !== 'blocked') return true;
    }
    return false;
  }

  private stretch(i: number): void {
    const m = this.k.m;
    const actor = this.actors[i] as Actor;
    m.actor = i;
    m.depth = this.depths[i] as number;
    for (;;) {
      const { done, value } = actor.program.next();
      if (done === true) {
        this.states[i] = 'done';
        this.freeBlocked();
        break;
      }
      if (value === YIELD.BLOCKED) {
        this.states[i] = 'blocked';
        break;
      }
      if (value === YIELD.SLEEP) {
        this.states[i] = 'sleeping';
        this.cue('before-copy', i);
        this.freeBlocked();
        break;
      }
      const cue = CUE_OF[value];
      if (cue !== undefined && this.cue(cue, i)) {
        // The walker stands still just before the lock while the rival runs.
        this.states[i] = 'sleeping';
        break;
      }
      if (m.log.length > this.maxSteps) break;
    }
    this.depths[i] = m.depth;
  }

  /** Starts the rivals that wait for this moment of the walker; true when there was one. */
  private cue(cue: Cue, by: number): boolean {
    if (by !== 0) return false;
    let any = false;
    this.actors.forEach((a, i) => {
      if (this.states[i] === 'waiting-for-cue' && a.cue === cue) {
        this.states[i] = 'ready';
        any = true;
      }
    });
    return any;
  }

  /** State may have changed for those who wait: they are asked again in their turn. */
  private freeBlocked(): void {
    this.states.forEach((s, i) => {
      if (s === 'blocked') this.states[i] = 'ready';
    });
  }
}

/** How the actors ended when none can go on: a finding for each that did not, the leftovers when all did. */
export function verdict(k: Kernel, actors: number, done: (i: number) => boolean, depth: (i: number) => number): End {
  const m = k.m;
  let end: End = 'returned';
  for (let i = 0; i < actors; i++) {
    if (done(i)) continue;
    const wait = m.actorGet(i, A.WAIT);
    if (wait === WAIT.DEAD) end = 'bug';
    else if (wait === WAIT.LIVELOCK) {
      // Under a schedule a loop waits for somebody to change something: now it is known that nobody will.
      if (k.scheduled === true) stuck(k, S.spins, RULE.LIVELOCK, i, m.actorGet(i, A.WAIT_ID), depth(i));
      end = end === 'bug' ? end : 'livelock';
    } else {
      stuck(k, S.blocked, RULE.BLOCKED_FOREVER, i, i, depth(i));
      if (end === 'returned') end = 'blocked';
    }
  }
  if (end === 'returned') findLeftovers(k);
  return end;
}

function stuck(k: Kernel, site: number, rule: Rule, actor: number, what: number, depth: number): void {
  k.m.actor = actor;
  k.m.depth = depth;
  finding(k, site, rule, what, k.m.actorGet(actor, A.WAIT_ID));
}
