import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { toTransfer } from '../../src/recording/transfer.ts';
import { type Row, interleaved, median } from './measure.ts';
import { firstPages, largeScenario, unified } from './runs.ts';

/**
 * Steps per second of the engine with the recording on, building the machine included, and how far that is from
 * columns that are only filled.
 */
export function engineRows(): Row[] {
  const small = unified(firstPages(512));
  const large = unified(largeScenario());
  let smallSteps = 0;
  let largeSteps = 0;
  let bytes = 0;
  const runSmall = (): void => {
    smallSteps = runScenario(small).length;
  };
  let largest: Recording | undefined;
  const runLarge = (): void => {
    // One at a time: a recording of 1 GiB takes half of that.
    largest = undefined;
    largest = runScenario(large);
    const { length, machine } = largest;
    largeSteps = length;
    bytes = (length * STEP_BYTES + machine.journal.length * WRITE_BYTES) / length;
  };
  const pack = (): void => {
    if (largest) toTransfer(largest);
  };
  // The first hundred runs are for the compiler.
  const [smallMs] = interleaved(300, [runSmall]).map((ms) => median(ms.slice(100))) as [number];
  const [largeMs, packMs, floorMs] = interleaved(7, [runLarge, pack, fillColumns]).map((ms) => median(ms.slice(1))) as [
    number,
    number,
    number,
  ];
  const smallRate = smallSteps / (smallMs / 1000);
  const floorRate = FLOOR_STEPS / (floorMs / 1000);
  return [
    { name: 'engine.steps_per_s', value: smallRate, unit: 'steps/s' },
    { name: 'engine.steps_per_s@1gib', value: largeSteps / (largeMs / 1000), unit: 'steps/s' },
    { name: 'engine.floor_ratio', value: floorRate / smallRate, unit: 'x' },
    { name: 'journal.bytes_per_step', value: bytes, unit: 'B' },
    { name: 'record.1gib_ms', value: largeMs, unit: 'ms' },
    { name: 'record.1gib_index_ms', value: packMs, unit: 'ms' },
    { name: 'record.1gib_steps', value: largeSteps, unit: 'steps' },
  ];
}

/** Bytes of a row of the step log: site 2, op, actor, depth 1 each, delta, a, b, c 4 each. */
const STEP_BYTES = 21;
/** Bytes of a row of the journal: location, old, new. */
const WRITE_BYTES = 12;

const FLOOR_STEPS = 2_000_000;

/** What the computer can do at most: a step with one write, into columns that are long enough already. */
function fillColumns(): void {
  const site = new Uint16Array(FLOOR_STEPS);
  const op = new Uint8Array(FLOOR_STEPS);
  const delta = new Uint32Array(FLOOR_STEPS);
  const a = new Int32Array(FLOOR_STEPS);
  const loc = new Uint32Array(FLOOR_STEPS);
  const old = new Int32Array(FLOOR_STEPS);
  const neu = new Int32Array(FLOOR_STEPS);
  const cells = new Int32Array(4096);
  for (let i = 0; i < FLOOR_STEPS; i++) {
    const cell = (i * 7) & 4095;
    const before = cells[cell] as number;
    cells[cell] = before + i;
    site[i] = i & 255;
    op[i] = i & 31;
    delta[i] = i;
    a[i] = i;
    loc[i] = cell;
    old[i] = before;
    neu[i] = before + i;
  }
}
