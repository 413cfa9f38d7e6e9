import type { Alignment } from '../recording/compare/align.ts';
import { DIFFERS } from '../recording/compare/align.ts';
import type { Recording } from '../recording/recording.ts';

/** What a pixel column of a lane's track holds: bits. */
export const TRACK = {
  /** the lane does something here */
  HERE: 1,
  /** something that another lane does not do */
  ALONE: 2,
  /** something that comes to another value than in another lane */
  VALUES: 4,
  /** something that others do and this lane does not */
  LACKS: 8,
} as const;

/** A lane's track: one cell per pixel column of a window of the alignment. */
export interface Track {
  /** deepest call there, 0 = none */
  readonly depth: Uint8Array;
  /** TRACK bits */
  readonly marks: Uint8Array;
}

/** Draws a lane's steps onto the shared axis. Linear in the columns of the window. */
export function laneTrack(
  rec: Recording,
  al: Alignment,
  lane: number,
  [from, to]: readonly [number, number],
  width: number,
): Track {
  const depth = new Uint8Array(width);
  const marks = new Uint8Array(width);
  const steps = al.steps[lane] as Int32Array;
  const { depth: depths } = rec.machine.log;
  const scale = width / (to - from);
  for (let c = from; c < to && c < al.length; c++) {
    const step = steps[c] as number;
    const flags = al.flags[c] as number;
    const missing = (flags & DIFFERS.MISSING) !== 0;
    const bits =
      step < 0
        ? TRACK.LACKS
        : TRACK.HERE | (missing ? TRACK.ALONE : 0) | ((flags & DIFFERS.VALUES) !== 0 ? TRACK.VALUES : 0);
    const x0 = Math.floor((c - from) * scale);
    const x1 = Math.max(x0 + 1, Math.ceil((c + 1 - from) * scale));
    const d = step < 0 ? 0 : (depths[step] as number);
    for (let x = x0; x < x1 && x < width; x++) {
      marks[x] = (marks[x] as number) | bits;
      if ((depth[x] as number) < d) depth[x] = d;
    }
  }
  return { depth, marks };
}

/** A stretch of the axis that is done for one reason. */
export interface PhaseBand {
  readonly phase: number;
  readonly from: number;
  readonly to: number;
}

/** The phases along a window of the alignment; stretches of less than `least` columns belong to the one before. */
export function phaseBands(al: Alignment, [from, to]: readonly [number, number], least: number): PhaseBand[] {
  const bands: { phase: number; from: number; to: number }[] = [];
  let c = from;
  while (c < Math.min(to, al.length)) {
    let end = c + 1;
    while (end < to && end < al.length && al.phase[end] === al.phase[c]) end++;
    const last = bands.at(-1);
    if (last !== undefined && (last.phase === al.phase[c] || end - c < least)) last.to = end;
    else bands.push({ phase: al.phase[c] as number, from: c, to: end });
    c = end;
  }
  return bands;
}
