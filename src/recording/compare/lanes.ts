import { ScenarioError } from '../../scenario/error.ts';
import type { RunSpec } from '../../scenario/types.ts';
import type { Recording } from '../recording.ts';
import { runScenario } from '../run.ts';
import { type Alignment, alignRecordings } from './align.ts';
import { type Outcome, compareRecordings } from './outcome.ts';

/** Steps of a lane at most: longer ones take too much room beside others. */
export const MOST_LANE_STEPS = 2_000_000;

/** Which lane could not be recorded, and why. */
export class LaneError extends Error {
  readonly lane: number;

  constructor(lane: number, message: string) {
    super(message);
    this.lane = lane;
  }
}

/** Lanes recorded and laid side by side. */
export interface LanesMade {
  readonly recordings: readonly Recording[];
  readonly alignment: Alignment;
  readonly outcomes: readonly (Outcome | null)[];
}

/**
 * Records the lanes and aligns them. @param recorded is told after each lane
 * @throws {LaneError} when a lane cannot be run, or is too long
 */
export function makeLanes(specs: readonly RunSpec[], recorded: (lane: number, steps: number) => void): LanesMade {
  const recordings = specs.map((spec, lane) => {
    const rec = record(spec, lane);
    recorded(lane, rec.length);
    return rec;
  });
  const [first] = recordings;
  return {
    recordings,
    alignment: alignRecordings(recordings),
    outcomes: recordings.map((rec, lane) => (lane === 0 || first === undefined ? null : compareRecordings(first, rec))),
  };
}

function record(spec: RunSpec, lane: number): Recording {
  let rec: Recording;
  try {
    rec = runScenario(spec);
  } catch (error) {
    if (error instanceof ScenarioError) throw new LaneError(lane, error.problems.map((p) => p.message).join(' '));
    throw new LaneError(lane, error instanceof Error ? error.message : String(error));
  }
  if (rec.length > MOST_LANE_STEPS)
    throw new LaneError(
      lane,
      `${rec.length} steps; lanes of at most ${MOST_LANE_STEPS} can be laid side by side: choose a smaller request.`,
    );
  return rec;
}
