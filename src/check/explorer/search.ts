import { TooLong } from '../../machine/steps.ts';
import { ScenarioError } from '../../scenario/error.ts';
import type { Revision, RunSpec } from '../../scenario/types.ts';
import { attribute } from './attribute.ts';
import { type Draft, specOf, titleOf } from './draft.ts';
import { STAGES, type Weighed, draftsOf, stagesOf } from './grammar.ts';
import { Passes } from './passes.ts';
import type { Question } from './question.ts';
import { shrink } from './shrink.ts';
import { StateSet } from './state-set.ts';
import { type Shown, Trier } from './trier.ts';

/** What a search is asked to do. */
export interface SearchOptions {
  readonly question: Question;
  readonly revision: Revision;
  readonly fixes: readonly string[];
  /** weight of the heaviest drafts that are tried (grammar.ts) */
  readonly bound: number;
  /** this worker does every `of`th memory, from number `index` on */
  readonly part: { readonly index: number; readonly of: number };
  /** room for about 2^bits states */
  readonly stateBits: number;
  /** stop at the first hit */
  readonly first: boolean;
  /**
   * Look behind what has been found: when a stage of a weight is done, go through it once more with the defects found
   * so far mended, because a defect hides what comes after it. Drafts for which the new mends change nothing are left
   * out of that.
   */
  readonly peel: boolean;
}

/** Something a search has found, as small as it could be made. */
export interface Found {
  /** id of the rule; for other questions site, differ, restarts */
  readonly rule: string;
  readonly site: string;
  /** ledger ids: mending any one of them alone makes it vanish */
  readonly ledger: readonly string[];
  /** everything that is needed to see it, the schedule included */
  readonly spec: RunSpec;
  /** step at which it shows, and steps of the run */
  readonly step: number;
  readonly steps: number;
}

/** Figures of a search under way. */
export interface SearchProgress {
  /** weight that is being tried; every lighter draft has been */
  readonly weight: number;
  readonly bound: number;
  /** drafts tried, and runs made of them */
  readonly drafts: number;
  readonly runs: number;
  /** states reached, counted each time */
  readonly states: number;
  /** states reached, each counted once; a lower bound when `full` */
  readonly distinct: number;
  readonly full: boolean;
  /** statements that have run */
  readonly sites: number;
  /** drafts that were not tried to the end: too many schedules, or too long a run */
  readonly cut: number;
  /** defects that are mended in the present pass, to see what they hide */
  readonly mended: readonly string[];
  /** every draft up to the bound has been tried */
  readonly complete: boolean;
}

/** Hits that no switch explains are listed up to so many for each rule and statement. */
const MOST_UNEXPLAINED = 3;

/**
 * A bounded exhaustive search: all drafts of the grammar up to a weight, all schedules of each up to its preemptions.
 * `run` works until its time is up and can be called again; whatever has been found so far is there at any time.
 */
export class Search {
  readonly found: Found[] = [];
  readonly states: StateSet;
  private readonly options: SearchOptions;
  private readonly trier: Trier;
  private weight = 0;
  /** index of the stage of the weight (grammar.ts) */
  private stage = 0;
  private readonly passes = new Passes();
  private drafts = 0;
  private tooLong = 0;
  private mended: string[] = [];
  /** by hit of this pass: the switches that each make it vanish */
  private readonly causes: (readonly string[])[] = [];
  private readonly unexplained = new Map<string, number>();
  private queue: Generator<Weighed>;
  private memories = -1;
  private lastWords: Draft['words'] | undefined;
  private ended = false;
  /** rule, statement and switches asked for → known already */
  private readonly known = new Map<string, number>();

  constructor(options: SearchOptions) {
    this.options = options;
    this.states = new StateSet(options.stateBits);
    const { question } = options;
    this.trier = new Trier(
      this.states,
      question.kind !== 'rule' ? '' : question.rule === 'all' ? undefined : question.rule,
    );
    this.queue = this.drafted();
  }

  get progress(): SearchProgress {
    return {
      weight: this.weight,
      bound: this.options.bound,
      drafts: this.drafts,
      runs: this.trier.runs,
      states: this.trier.counted.visited,
      distinct: this.states.size,
      full: this.states.full,
      sites: this.trier.counted.sitesSeen,
      cut: this.trier.cut + this.tooLong,
      mended: this.mended,
      complete: this.ended && !(this.options.first && this.found.length > 0),
    };
  }

  /** True when there is nothing left to do. */
  get done(): boolean {
    return this.ended;
  }

  /** 1 for every site that has run, by site id. */
  get sites(): Uint8Array {
    return this.trier.counted.sites;
  }

  /** Works until `timeIsUp` says so (it is asked between drafts) or everything is done. */
  run(timeIsUp: () => boolean): void {
    while (!this.ended && !timeIsUp()) {
      const next = this.queue.next();
      if (next.done === true) this.nextPass();
      else if (this.isMine(next.value.draft)) this.one(next.value);
      if (this.options.first && this.found.length > 0) this.ended = true;
    }
  }

  /** Memories are dealt out one by one: drafts of the same memory share a machine. */
  private isMine(draft: Draft): boolean {
    if (draft.words !== this.lastWords) {
      this.lastWords = draft.words;
      this.memories++;
    }
    const { index, of } = this.options.part;
    return this.memories % of === index;
  }

  private nextPass(): void {
    const { peel, bound } = this.options;
    this.lastWords = undefined;
    this.memories = -1;
    if (peel && this.causes.length > 0) {
      // Once more the same, with what was found mended.
      const mends = fewest(this.causes);
      this.mended = [...this.mended, ...mends];
      this.causes.length = 0;
      this.known.clear();
      this.passes.again(mends);
    } else if (this.stage === STAGES.length - 1 && this.weight === bound) {
      this.ended = true;
      return;
    } else {
      this.stage = (this.stage + 1) % STAGES.length;
      if (this.stage === 0) this.weight++;
      this.passes.begin();
    }
    this.queue = this.drafted();
  }

  private drafted(): Generator<Weighed> {
    const stage = stagesOf(this.weight, this.options.first)[this.stage];
    return draftsOf(this.weight, stage ?? STAGES[0]);
  }

  private one({ draft, preemptions }: Weighed): void {
    const { options } = this;
    const fixes = [...options.fixes, ...this.mended];
    const spec = specOf(draft, options.revision, fixes);
    if (spec === undefined || (options.peel && !this.passes.wants())) return;
    this.drafts++;
    const shown: Shown[] = [];
    try {
      this.trier.attempt(spec, memoryName(draft), preemptions, options.question, (s) => {
        if (!shown.some((x) => x.rule === s.rule && x.site === s.site)) shown.push(s);
        return options.question.kind !== 'rule' || options.question.rule !== 'all';
      });
    } catch (error) {
      if (error instanceof ScenarioError) return;
      if (error instanceof TooLong) {
        this.tooLong++;
        if (options.peel) this.passes.note(this.trier.asked);
        return;
      }
      throw new Error(`${titleOf(draft)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    if (options.peel) this.passes.note(this.trier.asked);
    for (const s of shown) {
      this.hit(draft, spec, preemptions, s);
      if (options.first && this.found.length > 0) return;
    }
  }

  private hit(draft: Draft, spec: RunSpec, preemptions: number, shown: Shown): void {
    const { trier, options } = this;
    const name = `${shown.rule} ${shown.site}`;
    const key = `${name} ${askedBy(trier, spec, shown)}`;
    const times = this.known.get(key) ?? 0;
    this.known.set(key, times + 1);
    if (times > 0) return;
    const ledger = attribute(trier, spec, preemptions, options.question, shown);
    if (ledger.length === 0) {
      const before = this.unexplained.get(name) ?? 0;
      this.unexplained.set(name, before + 1);
      if (before >= MOST_UNEXPLAINED) return;
    } else this.causes.push(ledger);
    if (ledger.length > 0 && this.found.some((f) => sameHit(f, shown, ledger))) return;
    this.found.push(
      shrink(trier, draft, preemptions, options.question, shown, ledger, {
        revision: options.revision,
        given: options.fixes,
        mended: this.mended,
      }),
    );
  }
}

/** Few switches of which each hit has one: those that are the only one of a hit, then the most frequent. */
export function fewest(causes: readonly (readonly string[])[]): string[] {
  const chosen = new Set(causes.filter((c) => c.length === 1).flat());
  for (;;) {
    const left = causes.filter((c) => !c.some((id) => chosen.has(id)));
    const [first] = left;
    if (first === undefined) return [...chosen];
    const times = (id: string): number => left.filter((c) => c.includes(id)).length;
    chosen.add(first.reduce((best, id) => (times(id) > times(best) ? id : best)));
  }
}

const sameHit = (f: Found, shown: Shown, ledger: readonly string[]): boolean =>
  f.rule === shown.rule && f.site === shown.site && f.ledger.join() === ledger.join();

/** Runs the very run again and gives the switches for which it asked. */
function askedBy(trier: Trier, spec: RunSpec, shown: Shown): string {
  trier.repeat(spec, shown.schedule);
  return [...trier.asked].toSorted((a, b) => (a < b ? -1 : 1)).join(' ');
}

/** Names what the machine of a draft is built from. */
export function memoryName(d: Draft): string {
  const words = d.words.map((w) => w.name).join(' ');
  const device = d.select.includes('DEVICE_COHERENT') ? 'c' : '';
  return `${words}|${d.range}|${d.vma}|${JSON.stringify(d.around)}|${d.rivals.length}|${device}`;
}
