import type { ScenarioEntry, ScenarioVma } from '../types.ts';
import type { Choice } from './choose.ts';
import { Inference, type Meant, type Shape } from './infer.ts';
import { inferPmdAreas } from './pmd-areas.ts';
import { AREA, areaOf, overlap, type Span, spanOf } from './span.ts';
import { Stretches } from './stretches.ts';
import { newTally, type Tally } from './tally.ts';
import type { Capture, CaptureState, CaptureVma } from './types.ts';
import { vmaOf } from './vmas.ts';

export interface Laid {
  readonly vmas: readonly ScenarioVma[];
  readonly entries: readonly ScenarioEntry[];
  readonly tally: Tally;
}

/** Lays out the shown part of a capture as VMAs and entries, page 0 being the start of the walk. */
export function layOut(c: Capture, choice: Choice): Laid {
  const layout = new Layout(c, choice);
  for (const vma of c.vmas) layout.addVma(vma);
  return { vmas: layout.vmas, entries: layout.entries.finish(), tally: layout.tally };
}

/** One mapping on its way into the scenario. */
interface Place {
  readonly from: CaptureVma;
  readonly as: ScenarioVma;
  /** all of it */
  readonly whole: Span;
  /** what is shown of it */
  readonly shown: Span;
}

class Layout {
  readonly vmas: ScenarioVma[] = [];
  readonly entries: Stretches;
  readonly tally = newTally();
  private readonly c: Capture;
  private readonly choice: Choice;
  private readonly inference: Inference;
  /** end of the last area that got a PMD entry */
  private pmdEnd = 0;

  constructor(c: Capture, choice: Choice) {
    this.c = c;
    this.choice = choice;
    this.entries = new Stretches(choice.walk.start);
    this.inference = new Inference(c);
  }

  addVma(from: CaptureVma): void {
    const { tally, choice } = this;
    const whole = spanOf(from);
    const shown = overlap(whole, choice.shown);
    if (shown.start >= shown.end) {
      tally.leftOut++;
      return;
    }
    if (shown.start !== whole.start || shown.end !== whole.end) tally.clipped++;
    const as = vmaOf(from, shown.start - choice.walk.start, shown.end - choice.walk.start);
    this.vmas.push(as);
    this.addRuns({ from, as, whole, shown });
  }

  private addRuns(place: Place): void {
    const { c, tally } = this;
    const meanings = new Map<number, Meant>();
    const huge = inferPmdAreas(c, place.from, place.whole);
    tally.guessedPmds += huge.guessed;
    for (const [first, length, state, frame] of place.from.runs as [number, number, number, number?][]) {
      const start = place.whole.start + first;
      const run = overlap({ start, end: start + length }, place.shown);
      if (run.start >= run.end) continue;
      let meant = meanings.get(state);
      if (meant === undefined) {
        meant = this.inference.mean(c.states[state] as CaptureState, place.from, place.as);
        meanings.set(state, meant);
      }
      const from = frame === undefined ? undefined : frame + run.start - start;
      if (meant.shape === undefined) tally.dropped += run.end - run.start;
      else this.addRun(place, meant, meant.shape, run, from, huge.areas);
    }
  }

  /** Cuts a run at the borders of 2 MiB areas where that matters. */
  private addRun(
    place: Place,
    meant: Meant,
    shape: Shape,
    run: Span,
    frame: number | undefined,
    huge: ReadonlySet<number>,
  ): void {
    this.count(place, meant, shape, run);
    if (!meant.pmd && huge.size === 0 && meant.order !== 9) {
      this.entries.add(shape, 'pte', run.start, run.end - run.start);
      return;
    }
    for (let page = run.start; page < run.end; ) {
      const area = areaOf(page);
      const end = Math.min(run.end, area + AREA);
      const inside = area >= place.whole.start && area + AREA <= place.whole.end;
      if ((meant.pmd || huge.has(area)) && inside) this.addPmd(shape, area);
      else this.addPtes(place, meant, shape, { start: page, end }, frame === undefined ? -1 : frame + page - run.start);
      page = end;
    }
  }

  /** A PMD entry has one meaning; where /proc tells its pages apart (by their use elsewhere), the first one counts. */
  private addPmd(shape: Shape, area: number): void {
    if (area < this.pmdEnd) return;
    this.pmdEnd = area + AREA;
    this.tally.pmd++;
    this.entries.add(shape, 'pmd', area, AREA);
  }

  private addPtes(place: Place, meant: Meant, shape: Shape, pages: Span, frame: number): void {
    const { tally, entries } = this;
    // The rest of an area that has its PMD entry already.
    if (pages.start < this.pmdEnd) return;
    if (place.as.kind === 'hugetlb') {
      tally.dropped += pages.end - pages.start;
      return;
    }
    if (meant.order !== 9 || frame < 0) {
      entries.add(shape, 'pte', pages.start, pages.end - pages.start);
      return;
    }
    for (let page = pages.start; page < pages.end; ) {
      const at = frame + page - pages.start;
      const count = Math.min(pages.end - page, AREA - (at % AREA));
      if (this.fits(place, shape, page - (at % AREA)) && this.addLarge(place, shape, at, page, count)) {
        tally.largePtes += count;
      } else {
        tally.outOfLine += count;
        entries.add(shape, 'pte', page, count);
      }
      page += count;
    }
  }

  private addLarge(place: Place, shape: Shape, frame: number, page: number, count: number): boolean {
    return this.entries.addLarge(shape, Math.floor(frame / AREA), frame % AREA, page, count, place.shown);
  }

  /** A large folio of a file must lie in the VMA as a whole. */
  private fits(place: Place, shape: Shape, head: number): boolean {
    const anon = shape.folio?.anon ?? place.as.kind === 'anon';
    return anon || (head >= place.shown.start && head + AREA <= place.shown.end);
  }

  private count(place: Place, meant: Meant, shape: Shape, run: Span): void {
    const { tally } = this;
    const pages = run.end - run.start;
    if (shape.kind === 'present') tally.present += pages;
    if (shape.kind === 'zero') tally.zero += pages;
    if (shape.kind === 'swap') tally.swap += pages;
    if ((shape.folio?.sharedBy ?? shape.slot?.sharedBy ?? 0) > 0) tally.shared += pages;
    if (shape.kind === 'present' && place.as.kind === 'file' && shape.folio?.anon !== true) tally.file += pages;
    if (place.as.kind === 'hugetlb') tally.hugetlb += pages;
    if (place.as.kind === 'special') tally.special += pages;
    if (meant.order !== 0 && meant.order !== 9) tally.otherOrders += pages;
    if (meant.sharedUnknown) tally.sharedUnknown += pages;
  }
}
