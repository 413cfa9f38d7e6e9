import type { State } from './state.ts';

/**
 * What checks one rule. It is told what happens, in the order of the steps, and says what is wrong to the state. A
 * check overrides what it wants to hear; nothing may be made per step, the explorer runs this on every run.
 */
export abstract class Check {
  protected readonly s: State;

  constructor(state: State) {
    this.s = state;
  }

  /** ops of which `before` wants to hear: the state is as before the step's writes */
  readonly opsBefore: readonly number[] = [];
  /** ops of which `after` wants to hear: the state is as after the step's writes */
  readonly opsAfter: readonly number[] = [];

  /** A new run begins; the state is as before its first step. */
  restart(): void {}
  before(): void {}
  after(): void {}
  /** An entry of a PTE or PMD table changed in this step; what it was before. */
  entry(_e: number, _kind: number, _frame: number, _lo: number, _hi: number): void {}
  /** The owner cell of a lock changed: actor + 1 before and after. What the state says is held is as before. */
  lock(_bank: number, _id: number, _lockClass: number, _was: number, _now: number): void {}
  /** A cell that counts holders of a lock changed (mmap readers, mapped tables of an actor). */
  count(_bank: number, _id: number, _lockClass: number, _was: number, _now: number): void {}
  /** No spinlock is held, and the folio changed since the last such moment. */
  folio(_f: number): void {}
  /** No spinlock is held after this step, and entries or folios changed since the last such moment. */
  quiet(): void {}
  /** All steps are done. `returned`: every actor came back. */
  end(_returned: boolean): void {}
}
