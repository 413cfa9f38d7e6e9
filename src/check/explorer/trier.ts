import { Controlled } from '../../kernel/controlled.ts';
import type { End } from '../../kernel/scheduler.ts';
import { siteNamed } from '../../machine/sites.ts';
import { ScheduledChoices } from '../../recording/schedule.ts';
import { type Switch, formatSchedule } from '../../scenario/schedule.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { Counted } from './counted.ts';
import { Judge } from './judge.ts';
import { OtherText, partOf } from './other-text.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { Workplace } from './place.ts';
import type { Question } from './question.ts';
import { exploreSchedules } from './schedules.ts';
import { runFreely } from './stand.ts';
import { StateSet } from './state-set.ts';

/** What a run has shown. */
export interface Shown {
  /** the broken rule; for other questions their kind: site, differ, restarts */
  readonly rule: string;
  /** statement at which it shows */
  readonly site: string;
  readonly step: number;
  /** steps of the run */
  readonly steps: number;
  /** the schedule that shows it; left out when the run has no rival */
  readonly schedule?: string;
}

/** Moments remembered of the schedules of one spec: 2 MiB. */
const MOMENT_BITS = 18;
/** Steps of all schedules of one spec at most. */
const MOST_STEPS = 1_000_000;

/** Statements that begin a walk anew. */
const RESTARTS = ['hmm_range_fault:again', 'hmm_range_fault:anew', 'gt_ioctl:retry'];

/** Tries specs on one machine: every schedule within a bound, or the one run of a spec without rivals. */
export class Trier {
  readonly counted: Counted;
  /** runs so far */
  runs = 0;
  /** specs whose schedules (or those of the text compared with) were not all had within the bound */
  cut = 0;
  private readonly place = new Workplace();
  private readonly judge: Judge;
  private readonly seen = new StateSet(MOMENT_BITS);
  private otherText: OtherText | undefined;
  private readonly restartSites: ReadonlySet<number>;

  /**
   * @param states where states are counted
   * @param rule the one rule that questions will be about; left out: any
   */
  constructor(states: StateSet, rule?: string) {
    this.counted = new Counted(this.place.m, states);
    this.judge = new Judge(this.place.m, rule);
    this.restartSites = new Set(RESTARTS.map((name) => siteNamed(name)?.id ?? -1));
  }

  /** Switches that the kernel has asked for in the runs of the last spec. */
  get asked(): ReadonlySet<string> {
    return this.place.asked;
  }

  /**
   * Tries a spec.
   * @param memory names what its machine is built from: equal names, equal machines
   * @param preemptions of its schedules, at most; without rivals there is nothing to choose
   * @param wanted is told what each run shows; true: that is enough
   * @throws {ScenarioError} when no machine can be in that state
   */
  attempt(
    spec: RunSpec,
    memory: string,
    preemptions: number,
    question: Question,
    wanted: (shown: Shown) => boolean,
  ): void {
    const others = this.othersOf(spec, preemptions, question);
    if (others === undefined) {
      this.cut++;
      return;
    }
    const stand = this.place.setUp(spec, memory);
    const { m } = this.place;
    const { counted, judge } = this;
    if ((spec.scenario.conditions?.rivals?.length ?? 0) === 0) {
      counted.restart(this.place.initial, false);
      judge.restart(stand.kernel.enc);
      const end = runFreely(stand);
      counted.finish();
      this.runs++;
      this.shows(question, end, others, (s) => wanted({ ...s, steps: m.log.length }));
      return;
    }
    const { cut } = exploreSchedules({
      stand,
      initial: this.place.initial,
      counted,
      seen: this.seen,
      preemptions,
      mostSteps: MOST_STEPS,
      onBegin: () => judge.restart(stand.kernel.enc),
      onRun: (end, switches: readonly Switch[]) => {
        this.runs++;
        return this.shows(question, end, others, (s) =>
          wanted({ ...s, steps: m.log.length, schedule: formatSchedule(switches) }),
        );
      },
    });
    if (cut) this.cut++;
  }

  /** Runs one schedule of a spec and nothing else; the switches it asks for are in `asked`. */
  repeat(spec: RunSpec, schedule: string | undefined): void {
    const stand = this.place.setUp(spec, '');
    if (schedule === undefined) runFreely(stand);
    else {
      const choices = new ScheduledChoices(schedule, this.place.m);
      new Controlled(stand.kernel, stand.actors(), stand.maxSteps, choices.choose).run();
    }
  }

  /** Tells what the run that is just over shows. @returns whether that is enough */
  private shows(
    question: Question,
    end: End | 'stopped',
    others: readonly Outcome[],
    tell: (shown: Omit<Shown, 'steps' | 'schedule'>) => boolean,
  ): boolean {
    const { m } = this.place;
    const { log } = m;
    switch (question.kind) {
      case 'rule':
        for (const broken of this.judge.judge(end))
          if ((question.rule === 'all' || question.rule === broken.rule) && tell(broken)) return true;
        return false;
      case 'site': {
        const id = siteNamed(question.site)?.id ?? -1;
        const step = id < 0 ? -1 : log.site.subarray(0, log.length).indexOf(id);
        return step >= 0 && tell({ rule: 'site', site: question.site, step });
      }
      case 'restarts': {
        let n = 0;
        for (let i = 0; i < log.length; i++) {
          if (!this.restartSites.has(log.site[i] as number) || ++n <= question.more) continue;
          return tell({ rule: 'restarts', site: 'hmm_range_fault:again', step: i });
        }
        return false;
      }
      case 'differ': {
        if (end === 'stopped') return false;
        const site = partOf(outcomeOf(m, end), others);
        return site !== undefined && tell({ rule: 'differ', site, step: log.length - 1 });
      }
      default:
        return question satisfies never;
    }
  }

  /** The ends on the text that the question compares with; undefined when not all of them can be had. */
  private othersOf(spec: RunSpec, preemptions: number, question: Question): readonly Outcome[] | undefined {
    if (question.kind !== 'differ') return [];
    const { revision, fixes } = question;
    this.otherText ??= new OtherText(MOMENT_BITS);
    return this.otherText.ends({ ...spec, revision, fixes }, preemptions, MOST_STEPS);
  }
}
