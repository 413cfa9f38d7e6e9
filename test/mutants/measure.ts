import { execFile } from 'node:child_process';
import { bundle, putBeside } from './bundle.ts';
import { allCases } from './cases.ts';
import type { Mutant } from './mutant.ts';
import type { Known, Played } from './play.ts';

/** What came of one mutant. */
export interface Verdict {
  readonly id: string;
  readonly caught: boolean;
  /** the rule that was broken first */
  readonly rule?: string;
  /** the case, and the statement at which it broke */
  readonly schedule?: string;
  readonly site?: string;
  /** steps of the case's run */
  readonly steps?: number;
  readonly ms: number;
}

export interface Measured {
  readonly total: number;
  readonly caught: number;
  /** findings on the kernel that is not broken, over the same cases */
  readonly falseAlarms: number;
  readonly mutants: readonly Verdict[];
}

/** A mutant that never ends is stopped, and what it has said until then counts. */
const MOST_MS = 240_000;

/** Runs every case on the unbroken kernel: what it finds is a false alarm, and how long each case is puts them in order. */
export async function unbroken(): Promise<{ readonly cases: readonly Known[]; readonly alarms: readonly Played[] }> {
  const cases = allCases();
  const played = await playUnbroken(putBeside('cases.json', JSON.stringify(cases)));
  if (played.length !== cases.length) throw new Error(`${played.length} of ${cases.length} cases were played`);
  const order = played.map((p, i) => ({ p, c: cases[i] as Known })).toSorted((x, y) => x.p.steps - y.p.steps);
  return {
    // The shortest come first, so that the first case that catches a mutant is the shortest that does.
    cases: order.map(({ p, c }) => ({ ...c, known: p.broken.map((b) => b.rule) })),
    alarms: played.filter((p) => p.broken.some((b) => !b.candidate) || p.end.startsWith('exception')),
  };
}

/** Plays a file of cases on the kernel that is not broken. */
export const playUnbroken = async (casesFile: string): Promise<Played[]> => run(await bundle(), casesFile, false);

/** Puts one mutant to the cases, shortest first. */
export async function verdictOn(mutant: Mutant, casesFile: string): Promise<Verdict> {
  const began = performance.now();
  const [played] = await run(await bundle(mutant), casesFile, true);
  const ms = Math.round(performance.now() - began);
  const broken = played?.broken.find((b) => !b.candidate) ?? played?.broken[0];
  if (played === undefined || broken === undefined) return { id: mutant.id, caught: false, ms };
  return {
    id: mutant.id,
    caught: true,
    rule: broken.rule,
    schedule: played.name,
    site: broken.site,
    steps: played.steps,
    ms,
  };
}

/** Puts every mutant to the cases, `jobs` at a time. */
export async function measure(mutants: readonly Mutant[], jobs: number, told: (v: Verdict) => void): Promise<Measured> {
  const { cases, alarms } = await unbroken();
  const file = putBeside('ordered.json', JSON.stringify(cases));
  const verdicts: Verdict[] = [];
  const waiting = [...mutants];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await verdictOn(next, file);
      verdicts.push(verdict);
      told(verdict);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const place = new Map(mutants.map((m, i) => [m.id, i]));
  return {
    total: mutants.length,
    caught: verdicts.filter((v) => v.caught).length,
    falseAlarms: alarms.length,
    mutants: verdicts.toSorted((x, y) => (place.get(x.id) ?? 0) - (place.get(y.id) ?? 0)),
  };
}

/** Plays a file of cases on a bundle, in a process of its own. */
function run(bundled: string, casesFile: string, stop: boolean): Promise<Played[]> {
  const args = ['--max-old-space-size=1024', bundled, casesFile, ...(stop ? ['first'] : [])];
  return new Promise((done) => {
    const options = { maxBuffer: 1 << 28, timeout: stop ? MOST_MS : 10 * MOST_MS };
    execFile(process.execPath, args, options, (_error, stdout) => {
      const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
      done(lines.map((line) => JSON.parse(line) as Played));
    });
  });
}
