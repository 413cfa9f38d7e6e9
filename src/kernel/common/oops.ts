import { A } from '../../machine/layout.ts';
import { WAIT } from '../../machine/ops.ts';
import { type Kernel, type Run, YIELD, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';

/** A NULL pointer is dereferenced: the actor dies where it stands, with whatever it holds. */
export function* oops(k: Kernel, site: number): Run<never> {
  finding(k, site, RULE.BUG);
  k.m.actorSet(k.m.actor, A.WAIT, WAIT.DEAD);
  for (;;) yield YIELD.BLOCKED;
}
