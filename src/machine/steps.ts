import { widen } from './journal.ts';

/** A run has reached its limit of steps without coming back to the scheduler. */
export class TooLong extends RangeError {
  constructor(limit: number) {
    super(`a run of more than ${limit} steps: it never ends`);
  }
}

/** The step log: one row per executed site, as columns. Rows are never changed once written. */
export class StepLog {
  site = new Uint16Array(1 << 10);
  op = new Uint8Array(1 << 10);
  actor = new Uint8Array(1 << 10);
  depth = new Uint8Array(1 << 10);
  /** row of the journal where this step's writes begin; they end where the next step's begin */
  delta = new Uint32Array(1 << 10);
  a = new Int32Array(1 << 10);
  b = new Int32Array(1 << 10);
  c = new Int32Array(1 << 10);
  length = 0;
  /** rows at which the log stops growing: code that never comes back to the scheduler must not fill the memory */
  limit = 1 << 26;
  /** row at which push() looks up: the columns are full, or it is time to report */
  private edge = 1 << 10;
  private report: ((steps: number) => void) | null = null;
  private every = 0;

  push(site: number, op: number, actor: number, depth: number, delta: number, a: number, b: number, c: number): void {
    const i = this.length;
    if (i >= this.edge) this.atEdge(i);
    this.site[i] = site;
    this.op[i] = op;
    this.actor[i] = actor;
    this.depth[i] = depth;
    this.delta[i] = delta;
    this.a[i] = a;
    this.b[i] = b;
    this.c[i] = c;
    this.length = i + 1;
  }

  /** Makes room for `rows` rows at once, so that a run of known size copies nothing while it grows. */
  reserve(rows: number): void {
    if (rows > this.site.length) this.resize(rows);
  }

  /** Calls `report` with the number of rows after each `every` of them. */
  onRows(every: number, report: (steps: number) => void): void {
    this.every = every;
    this.report = report;
    this.setEdge();
  }

  private atEdge(rows: number): void {
    if (this.report !== null && rows > 0 && rows % this.every === 0) this.report(rows);
    if (rows === this.site.length) this.grow();
    this.setEdge(rows + 1);
  }

  private setEdge(from = this.length): void {
    const due = this.report === null ? Infinity : Math.ceil(from / this.every) * this.every;
    this.edge = Math.min(this.site.length, due);
  }

  private grow(): void {
    if (this.length >= this.limit) throw new TooLong(this.limit);
    this.resize(this.site.length * 2);
  }

  private resize(n: number): void {
    this.site = widen(this.site, new Uint16Array(n));
    this.op = widen(this.op, new Uint8Array(n));
    this.actor = widen(this.actor, new Uint8Array(n));
    this.depth = widen(this.depth, new Uint8Array(n));
    this.delta = widen(this.delta, new Uint32Array(n));
    this.a = widen(this.a, new Int32Array(n));
    this.b = widen(this.b, new Int32Array(n));
    this.c = widen(this.c, new Int32Array(n));
    this.setEdge();
  }
}
