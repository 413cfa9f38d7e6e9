/** One thing wrong with a scenario: where, what was expected, what is there, and a sentence that says all of it. */
export interface ScenarioProblem {
  /** like `entries[3].folio.order`; empty for the whole */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly message: string;
}

/** A scenario that no machine can be in. `path` names the place, the message says what was expected there. */
export class ScenarioError extends Error {
  readonly path: string;
  readonly problems: readonly ScenarioProblem[];

  constructor(problems: readonly ScenarioProblem[]) {
    const first = problems[0];
    super(first === undefined ? 'The scenario is wrong.' : `${first.path}: ${first.message}`);
    this.name = 'ScenarioError';
    this.path = first?.path ?? '';
    this.problems = problems;
  }
}

/** Collects problems up to a bound, so that a broken file of a million entries gives a readable answer. */
export class Problems {
  readonly list: ScenarioProblem[] = [];
  private readonly most: number;

  constructor(most = 20) {
    this.most = most;
  }

  get full(): boolean {
    return this.list.length >= this.most;
  }

  add(path: string, expected: string, got: string | number, message: string): void {
    if (!this.full) this.list.push({ path, expected, got: String(got), message });
  }
}
