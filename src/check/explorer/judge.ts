import { RULE, type Rule } from '../../kernel/rules.ts';
import type { End } from '../../kernel/scheduler.ts';
import { A, A_STRIDE, EXTERNAL_ACTOR, F } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { siteInfo } from '../../machine/sites.ts';
import type { HmmEncoding, HmmEncodingId } from '../../machine/words/hmm-pfn.ts';
import { Checker } from '../rules/checker.ts';
import { CHECKS, checksOf, ruleOfKernel } from '../rules/index.ts';

/** A broken rule of one run. */
export interface Broken {
  readonly rule: string;
  readonly step: number;
  readonly actor: number;
  /** `function:label` */
  readonly site: string;
}

/** Says which rules a run has broken: those that the running kernel checks, and those that are read over its steps. */
export class Judge {
  private readonly m: Machine;
  private readonly checks: ConstructorParameters<typeof Checker>[2];
  private readonly checkers = new Map<HmmEncodingId, Checker>();
  private checker: Checker | undefined;

  /** @param rule judge by this rule only; left out: by all */
  constructor(m: Machine, rule?: string) {
    this.m = m;
    this.checks = rule === undefined ? CHECKS : checksOf(rule);
  }

  /** A run begins; the machine stands at its beginning. @param enc encoding of its hmm words */
  restart(enc: HmmEncoding): void {
    if (this.checks.length === 0) return;
    let checker = this.checkers.get(enc.id);
    if (checker === undefined) {
      checker = new Checker(this.m, enc, this.checks);
      this.checkers.set(enc.id, checker);
    }
    checker.restart();
    this.checker = checker;
  }

  /** The run is over. @returns what it broke, in the order of the steps */
  judge(end: End | 'stopped'): readonly Broken[] {
    const { log } = this.m;
    const found: Broken[] = [];
    for (let i = 0; i < log.length; i++) if (log.op[i] === OP.FINDING) this.finding(i, found);
    const { checker } = this;
    if (checker === undefined) return found;
    checker.advance(0, log.length);
    // What is still open when a run is left in the middle is no wonder.
    if (end !== 'stopped') checker.end(end === 'returned');
    for (const f of checker.findings)
      found.push({ rule: f.rule, step: f.step, actor: f.actor, site: siteName(f.site) });
    return found.toSorted((x, y) => x.step - y.step);
  }

  private finding(i: number, found: Broken[]): void {
    const { log } = this.m;
    const rule = log.a[i] as Rule;
    if (rule === RULE.BLOCKED_FOREVER && waitsForOutside(this.m, log.b[i] as number)) return;
    const site = siteName(log.site[i] as number);
    // The driver's own complaint about a request that it cannot serve.
    if (site.startsWith('dmirror_migrate_alloc_and_copy:')) return;
    found.push({ rule: ruleOfKernel(rule).id, step: i, actor: log.actor[i] as number, site });
  }
}

function siteName(id: number): string {
  const { fn, label } = siteInfo(id);
  return `${fn}:${label}`;
}

/** Actors of a run at most; a longer chain of waits is a circle. */
const MOST_CHAIN = 8;

/** True when an actor waits, in the end, for a folio that somebody outside the scenario keeps locked: its doing, not the code's. */
function waitsForOutside(m: Machine, actor: number): boolean {
  for (let who = actor, n = 0; n < MOST_CHAIN; n++) {
    if (m.actorBank.get(who * A_STRIDE + A.WAIT) !== WAIT.FOLIO) return false;
    const locker = m.f(m.actorBank.get(who * A_STRIDE + A.WAIT_ID), F.LOCKER) - 1;
    if (locker === EXTERNAL_ACTOR) return true;
    if (locker < 0) return false;
    who = locker;
  }
  return false;
}
