import { A, A_STRIDE, F, F_STRIDE, G, PG, T, T_STRIDE } from '../../src/machine/layout.ts';
import { OP, WAIT } from '../../src/machine/ops.ts';
import { EXTERNAL_ACTOR } from '../../src/machine/layout.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { RULES } from '../../src/kernel/rules.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import type { Operation, Revision, RunSpec, Scenario } from '../../src/scenario/types.ts';
import { recount } from '../unit/scenario-recount.ts';

/** The ways in which a run asks for a scenario's range. */
export const WAYS = ['unified', 'migrate-only', 'migrate with FAULT', 'fault-only'] as const;
export type Way = (typeof WAYS)[number];

export function specOf(scenario: Scenario, way: Way, revision: Revision): RunSpec {
  if (way !== 'migrate with FAULT') return { scenario, strategy: way, revision };
  const operations: Operation[] = [{ call: 'migrate_vma', fault: true, request: scenario.request }];
  return { scenario, strategy: 'migrate-only', revision, operations };
}

/** Findings of a recording, in words, with the statement that made them. */
export function findingsOf(rec: Recording): string[] {
  const { log } = rec.machine;
  const found: string[] = [];
  for (let i = 0; i < rec.length; i++) {
    if (log.op[i] !== OP.FINDING) continue;
    const site = siteInfo(log.site[i] as number);
    const rule = RULES.find((r) => r.id === log.a[i])?.name;
    // The driver's own complaint about a request that it cannot serve: device memory to be moved to the device.
    if (site.fn === 'dmirror_migrate_alloc_and_copy') continue;
    found.push(`${rule} at ${site.fn}:${site.label} (${log.b[i]}, ${log.c[i]})`);
  }
  return found;
}

/**
 * True when the run ended because somebody outside the scenario keeps a folio locked for ever: that is
 * the scenario's doing, and waiting is what the kernel would do, too.
 */
export function waitsForOutside(rec: Recording): boolean {
  const m = rec.machine;
  const waits = (i: number, chain: number): boolean => {
    const wait = m.actorBank.get(i * A_STRIDE + A.WAIT);
    if (wait === WAIT.NONE) return chain === 0;
    if (wait !== WAIT.FOLIO || chain > rec.actors.length) return false;
    const locker = m.f(m.actorBank.get(i * A_STRIDE + A.WAIT_ID), F.LOCKER) - 1;
    return locker === EXTERNAL_ACTOR || (locker >= 0 && waits(locker, chain + 1));
  };
  return rec.actors.every((_, i) => waits(i, 0));
}

/** True when somebody outside the scenario is migrating: a folio locked by nobody in it is neither mapped nor on a list. */
function hasForeignMigration(rec: Recording): boolean {
  const m = rec.machine;
  const folios = m.scalar.get(G.FOLIOS);
  for (let f = 1; f < folios; f++) if (m.f(f, F.LOCKER) === EXTERNAL_ACTOR + 1 && m.f(f, F.MAP) === 0) return true;
  return false;
}

/** What a run of a mended kernel must not leave; empty when all is well. `before` are the outside references by folio. */
export function problemsAfter(rec: Recording, before: ReadonlyMap<number, number>): string[] {
  const m = rec.machine;
  const problems = findingsOf(rec);
  const counted = recount(m);
  // Migration entries that a scenario begins with are not among its resident pages, but go off them when zapped.
  const skip = hasForeignMigration(rec)
    ? /journal or the log|an actor exists|resident/
    : /journal or the log|an actor exists/;
  for (const p of counted.problems) if (!skip.test(p)) problems.push(p);
  const tables = m.scalar.get(G.TABLES);
  for (let t = 1; t < tables; t++)
    if (m.table.get(t * T_STRIDE + T.LOCK) !== 0) problems.push(`table ${t}: its lock is held`);
  const folios = m.scalar.get(G.FOLIOS);
  // A device page is backed by system memory, on which its driver holds one reference.
  const backing = new Set<number>();
  for (let f = 1; f < folios; f++) {
    const pfn = m.folio.get(f * F_STRIDE + F.BACKING);
    if (pfn !== 0) backing.add(m.folioOf(pfn));
  }
  for (let f = 1; f < folios; f++) {
    const o = f * F_STRIDE;
    const locker = m.folio.get(o + F.LOCKER);
    if (locker !== 0 && locker !== EXTERNAL_ACTOR + 1) problems.push(`folio ${f}: locked by actor ${locker - 1}`);
    if (m.folio.get(o + F.LIVE) === 0 || (m.folio.get(o + F.FLAGS) & PG.ZERO) !== 0) continue;
    const extra = counted.residue.get(f) ?? 0;
    if (extra < 0) problems.push(`folio ${f}: ${-extra} references missing`);
    if (extra > Math.max(before.get(f) ?? 0, backing.has(f) ? 1 : 0))
      problems.push(`folio ${f}: ${extra} references that nothing explains`);
  }
  return problems;
}

export interface Judged {
  readonly problems: readonly string[];
  /** the run ended because the scenario's outside holds a folio */
  readonly outside: boolean;
}

/** Runs a case and judges it. */
export function judge(spec: RunSpec): Judged {
  let before = new Map<number, number>();
  let rec: Recording;
  try {
    rec = runScenario(spec, (s) => {
      before = new Map(recount(s.kernel.m).residue);
      return [];
    });
  } catch (error) {
    return {
      problems: [`exception: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
      outside: false,
    };
  }
  if (rec.end === 'blocked' && waitsForOutside(rec)) {
    return { problems: findingsOf(rec).filter((f) => !f.startsWith('blocked-forever')), outside: true };
  }
  return { problems: problemsAfter(rec, before), outside: false };
}
