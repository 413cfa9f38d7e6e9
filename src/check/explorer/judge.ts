import { RULE, RULES } from '../../kernel/rules.ts';
import type { End } from '../../kernel/scheduler.ts';
import { A, A_STRIDE, EXTERNAL_ACTOR, F } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { siteInfo } from '../../machine/sites.ts';

/** A broken rule of one run. */
export interface Broken {
  readonly rule: string;
  readonly step: number;
  readonly actor: number;
  /** `function:label` */
  readonly site: string;
}

/** Says which rules a run has broken: those that the running kernel checks, found in the step log. */
export class Judge {
  private readonly m: Machine;
  private row = 0;
  private readonly found: Broken[] = [];

  constructor(m: Machine) {
    this.m = m;
  }

  /** A run begins; the machine stands at its beginning. */
  restart(): void {
    this.row = 0;
    this.found.length = 0;
  }

  /** The run is over. @returns what it broke, in the order of the steps; valid until the next run */
  judge(_end: End | 'stopped'): readonly Broken[] {
    const { log } = this.m;
    for (let i = this.row; i < log.length; i++) if (log.op[i] === OP.FINDING) this.finding(i);
    this.row = log.length;
    return this.found;
  }

  private finding(i: number): void {
    const { log } = this.m;
    const rule = log.a[i] as number;
    if (rule === RULE.BLOCKED_FOREVER && waitsForOutside(this.m, log.b[i] as number)) return;
    const { fn, label } = siteInfo(log.site[i] as number);
    // The driver's own complaint about a request that it cannot serve.
    if (fn === 'dmirror_migrate_alloc_and_copy') return;
    const name = RULES.find((r) => r.id === rule)?.name ?? `rule ${rule}`;
    this.found.push({ rule: name, step: i, actor: log.actor[i] as number, site: `${fn}:${label}` });
  }
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
