import { readFileSync } from 'node:fs';
import { EXTERNAL_ACTOR, F, G } from '../../src/machine/layout.ts';
import { candidateOf } from '../../src/check/rules/candidates.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { allFindings } from '../../src/check/rules/findings.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import { runScenario } from '../../src/recording/run.ts';
import { waitsForOutside } from '../support/fixed-run.ts';
import type { Case } from './cases.ts';

/*
 * What runs the cases in a process of its own, bundled with the kernel, broken or not: `node play.mjs cases.json [first]`.
 * One line of JSON per case on standard output. With `first` it ends at the first case that breaks a rule that the
 * case does not name as broken anyway.
 */

/** A rule that was broken, and where it was first. */
export interface Broken {
  readonly rule: string;
  readonly step: number;
  readonly site: string;
  /** one of check/rules/candidates.ts: expected where the unbroken kernel has it, too */
  readonly candidate: boolean;
}

/** What came of one case. */
export interface Played {
  readonly name: string;
  readonly steps: number;
  readonly end: string;
  /** rules that were broken, each with where it was first */
  readonly broken: readonly Broken[];
}

/** A case, and what breaks on the unbroken kernel (nothing, if all is well). */
export interface Known extends Case {
  readonly known?: readonly string[];
}

/** How a run ends that waits, asleep or spinning, for somebody outside the scenario. */
const OF_OUTSIDE: ReadonlySet<string> = new Set(['blocked-forever', 'livelock']);

const [file = '', stop] = process.argv.slice(2);
for (const { name, spec, known = [] } of JSON.parse(readFileSync(file, 'utf8')) as Known[]) {
  const played = play(name, spec);
  if (stop === undefined || played.broken.some((b) => !known.includes(b.rule))) {
    process.stdout.write(`${JSON.stringify(played)}\n`);
    if (stop !== undefined) break;
  }
}

/** True when somebody outside the scenario holds a folio for ever. */
function hasOutsider(rec: Recording): boolean {
  const m = rec.machine;
  for (let f = 1; f < m.scalar.get(G.FOLIOS); f++) if (m.f(f, F.LOCKER) === EXTERNAL_ACTOR + 1) return true;
  return false;
}

function play(name: string, spec: Case['spec']): Played {
  try {
    const rec = runScenario(spec);
    const broken = new Map<string, Broken>();
    // Who waits for somebody outside the scenario does what the kernel would do, too.
    const outside = (rec.end === 'blocked' && waitsForOutside(rec)) || (rec.end === 'livelock' && hasOutsider(rec));
    for (const f of allFindings(rec)) {
      const { fn, label } = siteInfo(f.site);
      if (outside && OF_OUTSIDE.has(f.rule)) continue;
      // The driver's own complaint about a request that it cannot serve: device memory to be moved to the device.
      if (f.rule === 'warning' && fn === 'dmirror_migrate_alloc_and_copy') continue;
      if (!broken.has(f.rule))
        broken.set(f.rule, {
          rule: f.rule,
          step: f.step,
          site: `${fn}:${label}`,
          candidate: candidateOf(f) !== undefined,
        });
    }
    return { name, steps: rec.length, end: rec.end, broken: [...broken.values()] };
  } catch (error) {
    return { name, steps: 0, end: `exception: ${error instanceof Error ? error.message : String(error)}`, broken: [] };
  }
}
