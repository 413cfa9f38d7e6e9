import type { State } from './state.ts';

/** Invalidations that have begun and not ended; never many. */
export class OpenEvents {
  readonly actors: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  clear(): void {
    for (const list of [this.actors, this.starts, this.ends]) list.length = 0;
  }

  begin(actor: number, start: number, end: number): void {
    this.actors.push(actor);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** The latest one of the actor with this range ends; false when there is none. */
  finish(actor: number, start: number, end: number): boolean {
    for (let i = this.actors.length - 1; i >= 0; i--) {
      if (this.actors[i] !== actor || this.starts[i] !== start || this.ends[i] !== end) continue;
      this.drop(i);
      return true;
    }
    return false;
  }

  /** Index of an open one of the actor, -1 when it has none. */
  anyOf(actor: number): number {
    return this.actors.lastIndexOf(actor);
  }

  dropAll(actor: number): void {
    for (let i = this.actors.length - 1; i >= 0; i--) if (this.actors[i] === actor) this.drop(i);
  }

  /** True when somebody's open invalidation covers the pages. */
  covers(start: number, end: number): boolean {
    for (let i = 0; i < this.actors.length; i++)
      if ((this.starts[i] as number) <= start && end <= (this.ends[i] as number)) return true;
    return false;
  }

  private drop(i: number): void {
    this.actors.splice(i, 1);
    this.starts.splice(i, 1);
    this.ends.splice(i, 1);
  }
}

const ofState = new WeakMap<State, OpenEvents>();

/** The open invalidations of a run; NotifierPair keeps them, others read them. */
export function openEvents(state: State): OpenEvents {
  let open = ofState.get(state);
  if (open === undefined) {
    open = new OpenEvents();
    ofState.set(state, open);
  }
  return open;
}
