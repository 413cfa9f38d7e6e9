import { A } from '../machine/layout.ts';
import { WAIT } from '../machine/ops.ts';
import { StateHash, mix32 } from '../machine/state-hash.ts';
import { sites } from './functions.ts';
import { type Kernel, YIELD, block } from './kernel.ts';
import { type Actor, type End, verdict } from './scheduler.ts';
import { stillWaits } from './waiting.ts';

/**
 * Says who goes on. `ready` has bit i for every actor i that could, always at least two; `current` is who ran last.
 * `turns`: how many stretches each actor has run, without those in which it only found itself still blocked.
 * Gives an actor of `ready`, or -1 to leave the run there. Must be a function of what it is given.
 */
export type Chooser = (ready: number, current: number, turns: Int32Array) => number;

/**
 * How often the same stretch may come back with the same memory, and so many stretches of the actor in a row that have
 * all been there before, until it counts as a loop without end. A walk that goes from page to page repeats some
 * statements, too, but each page has new ones.
 */
const MOST_REPEATS = 100;
/** Stretches remembered at most; a loop comes round sooner. */
const MOST_REMEMBERED = 1 << 14;

const S = sites('schedule', {
  spins: 'the same statements have found the same memory again and again: a loop that only somebody else can end',
});

/**
 * Runs the actors to their ends, one stretch at a time: from one preemption point (a yield) to the next. Whoever ran
 * goes on unless the chooser says otherwise; it is asked wherever two or more could go on. Cues of the rivals count
 * for nothing here: all are ready from the start, and somebody who sleeps may be woken at once.
 */
export class Controlled {
  private readonly k: Kernel;
  private readonly actors: readonly Actor[];
  private readonly maxSteps: number;
  private readonly choose: Chooser;
  private readonly depths: number[];
  /** 0 ready, 1 blocked, 2 done */
  private readonly states: Uint8Array;
  /** rows of the journal when the actor was last found blocked: until somebody writes, it still is */
  private readonly blockedAt: number[];
  private readonly turns: Int32Array;
  private readonly hash: StateHash;
  private readonly repeats = new Map<number, number>();
  /** by actor: stretches in a row that had been run over the same memory before */
  private readonly known: Int32Array;

  constructor(k: Kernel, actors: readonly Actor[], maxSteps: number, choose: Chooser) {
    if (actors.length > 8) throw new RangeError(`${actors.length} actors: a schedule has letters for 8`);
    this.k = k;
    this.actors = actors;
    this.maxSteps = maxSteps;
    this.choose = choose;
    this.depths = actors.map(() => 0);
    this.states = new Uint8Array(actors.length);
    this.turns = new Int32Array(actors.length);
    this.known = new Int32Array(actors.length);
    this.blockedAt = actors.map(() => -1);
    this.hash = new StateHash(k.m.journal);
    k.m.log.limit = maxSteps;
    k.concurrent = actors.length > 1;
  }

  /** Runs until every actor has returned or none can go on; stuck actors get a finding. 'stopped': the chooser said so. */
  run(): End | 'stopped' {
    let current = 0;
    for (;;) {
      const ready = this.ready();
      if (ready === 0) break;
      if ((ready & (ready - 1)) === 0) current = 31 - Math.clz32(ready);
      else {
        const next = this.choose(ready, current, this.turns);
        if (next < 0) return 'stopped';
        current = next;
      }
      this.stretch(current);
      if (this.k.m.log.length > this.maxSteps) return 'limit';
    }
    return verdict(
      this.k,
      this.states.length,
      (i) => this.states[i] === 2,
      (i) => this.depths[i] as number,
    );
  }

  private ready(): number {
    const { states } = this;
    const rows = this.k.m.journal.length;
    let ready = 0;
    for (let i = 0; i < states.length; i++) {
      if (states[i] === 2) continue;
      if (states[i] === 1 && (this.blockedAt[i] === rows || stillWaits(this.k.m, i))) continue;
      ready |= 1 << i;
    }
    return ready;
  }

  private stretch(i: number): void {
    const { m } = this.k;
    const from = m.log.length;
    m.actor = i;
    m.depth = this.depths[i] as number;
    const waited = this.states[i] === 1;
    const { done, value } = (this.actors[i] as Actor).program.next();
    if (!waited || value !== YIELD.BLOCKED || m.log.length > from) this.turns[i] = (this.turns[i] as number) + 1;
    if (done === true) this.states[i] = 2;
    else if (value === YIELD.BLOCKED) this.blocked(i);
    else {
      this.states[i] = 0;
      if (this.comesBack(i, from)) {
        block(this.k, S.spins, WAIT.LIVELOCK, 0);
        this.blocked(i);
      } else if (m.actorGet(i, A.WAIT) === WAIT.LIVELOCK) {
        m.actorSet(i, A.WAIT, WAIT.NONE);
        m.actorSet(i, A.WAIT_ID, 0);
      }
    }
    this.depths[i] = m.depth;
  }

  private blocked(i: number): void {
    this.states[i] = 1;
    this.blockedAt[i] = this.k.m.journal.length;
  }

  /** True when this stretch has been run over the same memory too often, and nothing new has come between. */
  private comesBack(actor: number, from: number): boolean {
    const { log } = this.k.m;
    // Between two yields there may be nothing to record: that is no statement that comes back.
    if (log.length === from) return false;
    this.hash.advance();
    let h = this.hash.sharedLo ^ mix32(this.hash.sharedHi);
    for (let i = from; i < log.length; i++) {
      h = mix32(h ^ ((log.site[i] as number) | ((log.actor[i] as number) << 16)));
      h = mix32(h ^ (log.a[i] as number));
      h = mix32(h ^ (log.b[i] as number) ^ Math.imul(log.c[i] as number, 31));
    }
    if (this.repeats.size > MOST_REMEMBERED) this.repeats.clear();
    const n = (this.repeats.get(h) ?? 0) + 1;
    this.repeats.set(h, n);
    const known = n === 1 ? 0 : (this.known[actor] as number) + 1;
    this.known[actor] = known;
    return n > MOST_REPEATS && known > MOST_REPEATS;
  }
}
