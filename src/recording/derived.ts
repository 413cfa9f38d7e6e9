import type { Recording } from './recording.ts';

/**
 * Something worked out of a whole recording and kept with it: made when first asked for, or put in place by the
 * thread that made the recording, so that a page need not spend its own time on it.
 */
export class Derived<T extends object> {
  private readonly kept = new WeakMap<Recording, T>();
  private readonly make: (rec: Recording) => T;

  constructor(make: (rec: Recording) => T) {
    this.make = make;
  }

  of(rec: Recording): T {
    let value = this.kept.get(rec);
    if (value === undefined) {
      value = this.make(rec);
      this.kept.set(rec, value);
    }
    return value;
  }

  /** Takes over what another thread has worked out of the same recording. */
  put(rec: Recording, value: T): void {
    this.kept.set(rec, value);
  }

  has(rec: Recording): boolean {
    return this.kept.has(rec);
  }
}
