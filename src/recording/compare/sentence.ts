import { stepLine, stepSentence } from '../narrate.ts';
import type { TellDepth } from '../op-text.ts';
import type { Recording } from '../recording.ts';
import { type Alignment, differenceFrom, doesElsewhere } from './align.ts';

/** A lane as the sentence calls it. */
export interface NamedLane {
  readonly name: string;
  readonly recording: Recording;
}

/** What one lane does where the lanes differ. */
export interface LaneDoes {
  readonly lane: number;
  /** its step there, or the one with which it goes on instead; -1 = it has ended */
  readonly step: number;
  /** false: it does not do what the others do there, and goes on with `step` */
  readonly does: boolean;
  /** it does the same, but at another place in the order */
  readonly elsewhere: boolean;
  readonly text: string;
}

/** Where lanes that were the same begin to differ. */
export interface Parting {
  readonly column: number;
  /** columns before it that are the same, since the difference before it or the beginning */
  readonly same: number;
  /** true when no difference comes before it */
  readonly first: boolean;
  readonly lanes: readonly LaneDoes[];
}

/** The first difference at or behind a column, told from the recordings; undefined when there is none. */
export function partingFrom(
  lanes: readonly NamedLane[],
  al: Alignment,
  from: number,
  depth: TellDepth,
): Parting | undefined {
  const column = differenceFrom(al, Math.max(0, from), 1);
  if (column < 0) return undefined;
  const before = differenceFrom(al, column - 1, -1);
  return {
    column,
    same: column - before - 1,
    first: before < 0,
    lanes: lanes.map(({ recording }, lane) => {
      const own = (al.steps[lane] as Int32Array)[column] as number;
      const step = own >= 0 ? own : nextStep(al, lane, column);
      return {
        lane,
        step,
        does: own >= 0,
        elsewhere: doesElsewhere(al, lane, column),
        text: step < 0 ? 'nothing more: its run is over' : tell(recording, step, depth),
      };
    }),
  };
}

function nextStep(al: Alignment, lane: number, column: number): number {
  const steps = al.steps[lane] as Int32Array;
  for (let c = column; c < al.length; c++) if ((steps[c] as number) >= 0) return steps[c] as number;
  return -1;
}

function tell(rec: Recording, step: number, depth: TellDepth): string {
  return depth === 'reviewer' ? stepLine(rec, step) : stepSentence(rec, step, depth);
}

/**
 * "The same until here, then …" in words: how long the lanes do the same, and what each does then. Made from the
 * recordings alone; step numbers count from 1.
 */
export function partingSentence(lanes: readonly NamedLane[], p: Parting | undefined): string {
  if (p === undefined) return 'From here to the end all lanes do the same.';
  const same =
    p.same === 0
      ? 'Here the lanes differ.'
      : p.first
        ? `The same for ${p.same} ${p.same === 1 ? 'step' : 'steps'} from the beginning, then:`
        : `The same again for ${p.same} ${p.same === 1 ? 'step' : 'steps'}, then:`;
  return `${same} ${p.lanes.map((l) => laneSentence(lanes, l)).join(' ')}`;
}

/** `unified, v2 (step 43): pmd_lock() …` */
export function laneSentence(lanes: readonly NamedLane[], l: LaneDoes): string {
  const name = lanes[l.lane]?.name ?? `lane ${l.lane + 1}`;
  const text = /[.!?]$/.test(l.text) ? l.text : `${l.text}.`;
  if (l.step < 0) return `${name}: ${text}`;
  if (l.does) return `${name} (step ${l.step + 1}): ${text}`;
  return `${name} does not${l.elsewhere ? ' do so here' : ''} and goes on with (step ${l.step + 1}): ${text}`;
}
