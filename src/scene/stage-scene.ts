import type { Recording } from '../recording/recording.ts';
import type { Pages } from './run-index.ts';
import { roomFor, stageFrame } from './stage-frame.ts';
import { stageLayout } from './stage-layout.ts';
import type { StageScene } from './stage-shapes.ts';
import { stageModel } from './stage-model.ts';

/** How the stage is looked at. */
export interface StageLook {
  readonly w: number;
  readonly h: number;
  /** page pinned by the person, -1 = follow the walker */
  readonly pin: number;
  /** the requested pages, where known */
  readonly request?: Pages | undefined;
}

/** The stage at a step, with coordinates. The recording must stand at `step`. */
export function stageScene(recording: Recording, step: number, look: StageLook): StageScene {
  const frame = stageFrame(look.w, look.h);
  const view = { ...roomFor(frame), pin: look.pin, ...(look.request === undefined ? {} : { request: look.request }) };
  return stageLayout(recording, stageModel(recording, step, view), frame);
}
