import type { Machine } from '../../machine/machine.ts';
import { StateHash, type StatePrint, mix32 } from '../../machine/state-hash.ts';
import type { StateSet } from './state-set.ts';

/** Actors that a state tells apart at most. */
const ACTORS = 8;

/**
 * Follows a run step by step and keeps what a search needs of it: which states it has been in, which statements ran,
 * and where each actor stands.
 *
 * A *state* is the contents of every cell of the machine together with the place of every actor (its last statement and
 * call depth); it is counted after each step. The *history* of an actor is what decides its future together with the
 * memory: its statements with their operands, and what it could read whenever it got the CPU back. Two runs with equal
 * memory and equal histories go on alike.
 */
export class Counted {
  readonly hash: StateHash;
  readonly states: StateSet;
  /** 1 for every site that has run */
  readonly sites = new Uint8Array(1 << 16);
  sitesSeen = 0;
  /** states reached, each time one was */
  visited = 0;
  private readonly m: Machine;
  /** first row of the log that has not been followed */
  private row = 0;
  private last = -1;
  private readonly placeLo = new Int32Array(ACTORS);
  private readonly placeHi = new Int32Array(ACTORS);
  private allLo = 0;
  private allHi = 0;
  private readonly historyLo = new Int32Array(ACTORS);
  private readonly historyHi = new Int32Array(ACTORS);
  private histories = false;

  constructor(m: Machine, states: StateSet) {
    this.m = m;
    this.hash = new StateHash(m.journal);
    this.states = states;
  }

  /**
   * A run begins at the machine's initial state.
   * @param histories keep them, too: only a search over schedules needs them
   */
  restart(initial: StatePrint, histories: boolean): void {
    this.histories = histories;
    this.hash.restore(initial, 0);
    this.row = 0;
    this.last = -1;
    this.allLo = 0;
    this.allHi = 0;
    this.placeLo.fill(0);
    this.placeHi.fill(0);
    this.historyLo.fill(0);
    this.historyHi.fill(0);
  }

  /**
   * Follows the steps that have come since. The state after the last of them is counted later: what the next actor
   * writes before its first statement still belongs to it.
   * @param counts false: the states are known already (a run is repeated up to here)
   */
  advance(counts: boolean): void {
    const { log, journal } = this.m;
    const { hash, sites } = this;
    for (let i = this.row; i < log.length; i++) {
      const begin = log.delta[i] as number;
      if (begin > hash.at) hash.advance(begin);
      if (counts && i > 0) this.count();
      const actor = log.actor[i] as number;
      const site = log.site[i] as number;
      if (this.histories) this.remember(i, actor, site);
      const place = mix32(site | ((log.depth[i] as number) << 16) | (actor << 26));
      const other = Math.imul(place, 0x9e3779b1) ^ actor;
      this.allLo ^= (this.placeLo[actor] as number) ^ place;
      this.allHi ^= (this.placeHi[actor] as number) ^ other;
      this.placeLo[actor] = place;
      this.placeHi[actor] = other;
      if (counts && sites[site] === 0) {
        sites[site] = 1;
        this.sitesSeen++;
      }
    }
    this.row = log.length;
    if (journal.length > hash.at) hash.advance(journal.length);
  }

  /** The run is over: the state after its last step, too. */
  finish(): void {
    this.advance(true);
    if (this.row > 0) this.count();
  }

  private count(): void {
    this.visited++;
    this.states.add(this.hash.lo ^ this.allLo, this.hash.hi ^ this.allHi);
  }

  private remember(i: number, actor: number, site: number): void {
    const { log } = this.m;
    let lo = this.historyLo[actor] as number;
    let hi = this.historyHi[actor] as number;
    if (actor !== this.last) {
      // It got the CPU back: from here on it may read what the others have written meanwhile.
      lo = mix32(lo ^ this.hash.sharedLo);
      hi = mix32((hi + this.hash.sharedHi) | 0);
      this.last = actor;
    }
    lo = mix32(lo ^ (site + Math.imul(log.a[i] as number, 0x85ebca6b)));
    hi = mix32((hi ^ (log.b[i] as number)) + Math.imul((log.c[i] as number) ^ site, 0xc2b2ae35));
    this.historyLo[actor] = lo;
    this.historyHi[actor] = hi;
  }

  /**
   * Adds the present moment, as far as the future depends on it, to a set: memory, histories, turns (a stretch may have
   * no statement), and who ran last. True when it was not there.
   */
  addMoment(seen: StateSet, current: number, turns: Int32Array): boolean {
    let lo = this.hash.lo ^ mix32(current + 1);
    let hi = this.hash.hi;
    for (let i = 0; i < ACTORS; i++) {
      const h = (this.historyLo[i] as number) ^ Math.imul((turns[i] ?? 0) * ACTORS + i + 1, 0x27d4eb2f);
      lo ^= mix32(h);
      hi ^= mix32((this.historyHi[i] as number) + Math.imul(h, 0x9e3779b1));
    }
    return seen.add(lo, hi);
  }
}
