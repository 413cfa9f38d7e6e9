import { type Chooser, Controlled } from '../../kernel/controlled.ts';
import type { End } from '../../kernel/scheduler.ts';
import type { StatePrint } from '../../machine/state-hash.ts';
import { defaultChoice } from '../../recording/schedule.ts';
import type { Switch } from '../../scenario/schedule.ts';
import type { Counted } from './counted.ts';
import type { StateSet } from './state-set.ts';
import { type Stand, rewind } from './stand.ts';

/** What a search over schedules is given. */
export interface ScheduleSearch {
  readonly stand: Stand;
  readonly initial: StatePrint;
  readonly counted: Counted;
  /** moments that have been seen, of this stand only */
  readonly seen: StateSet;
  /** switches at most away from an actor that could have gone on */
  readonly preemptions: number;
  /** steps of all runs together at most; left out: no limit */
  readonly mostSteps?: number;
  /** a run begins; the machine stands at its initial state */
  onBegin?(): void;
  /**
   * A run is over: the machine stands at its end, the log has its steps. `end` is 'stopped' when the rest has been seen
   * in an earlier run. True: that is enough, stop the search.
   */
  onRun(end: End | 'stopped', switches: readonly Switch[]): boolean;
}

export interface ScheduleResult {
  readonly runs: number;
  /** false: stopped by `onRun` or by the limit before every schedule within the bound was had */
  readonly complete: boolean;
  /** stopped by the limit */
  readonly cut: boolean;
}

/** A schedule up to a choice, which is the last of its switches; from there on everything goes its own way. */
interface Prefix {
  readonly switches: readonly Switch[];
}

/**
 * Every schedule with at most `preemptions` preemptions, those with fewer first. A schedule is run from the beginning
 * (generators cannot be copied); where a run comes to a moment that has been seen, it stops: an earlier run, with no
 * more preemptions, went on from there in every way. Schedules that differ only in the order of stretches that do not
 * concern each other meet in such moments, so of each class little more than one is run to its end.
 */
export function exploreSchedules(s: ScheduleSearch): ScheduleResult {
  const queues: Prefix[][] = Array.from({ length: s.preemptions + 1 }, () => []);
  (queues[0] as Prefix[]).push({ switches: [] });
  s.seen.clear();
  let runs = 0;
  let steps = 0;
  for (let cost = 0; cost <= s.preemptions; cost++) {
    const queue = queues[cost] as Prefix[];
    for (let prefix = queue.pop(); prefix !== undefined; prefix = queue.pop()) {
      if (s.mostSteps !== undefined && steps > s.mostSteps) return { runs, complete: false, cut: true };
      runs++;
      if (oneRun(s, prefix, cost, queues)) return { runs, complete: false, cut: false };
      steps += s.stand.kernel.m.log.length;
    }
  }
  return { runs, complete: true, cut: false };
}

function oneRun(s: ScheduleSearch, prefix: Prefix, cost: number, queues: readonly Prefix[][]): boolean {
  const { stand, counted } = s;
  const { switches } = prefix;
  const { m } = stand.kernel;
  rewind(m);
  counted.restart(s.initial, true);
  s.onBegin?.();
  let n = 0;
  let at = 0;
  // Up to the last switch the run is a repetition.
  const known = switches.at(-1)?.at ?? -1;
  const choose: Chooser = (ready, current, turns) => {
    const here = n++;
    const own = defaultChoice(ready, current);
    if (here <= known) {
      const next = switches[at] as Switch;
      if (here === known) counted.advance(false);
      if (here !== next.at) return own;
      at++;
      return next.actor;
    }
    counted.advance(true);
    if (!counted.addMoment(s.seen, current, turns)) return -1;
    const others = cost + ((ready & (1 << current)) === 0 ? 0 : 1);
    const queue = queues[others];
    if (queue !== undefined)
      for (let actor = 0; 1 << actor <= ready; actor++)
        if (actor !== own && (ready & (1 << actor)) !== 0) queue.push({ switches: [...switches, { at: here, actor }] });
    return own;
  };
  const end = new Controlled(stand.kernel, stand.actors(), stand.maxSteps, choose).run();
  counted.finish();
  return s.onRun(end, switches);
}
