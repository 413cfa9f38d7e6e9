import { readFileSync } from 'node:fs';
import { parseCapture } from '../../src/scenario/capture/parse-capture.ts';
import type { Capture, CaptureState, CaptureVma } from '../../src/scenario/capture/types.ts';
import type { Scenario } from '../../src/scenario/types.ts';

export const SAMPLES = 'public/capture/samples';

/** A line of samples/index.json. */
interface Sample {
  readonly file: string;
  readonly title: string;
}

export const { samples } = JSON.parse(readFileSync(`${SAMPLES}/index.json`, 'utf8')) as { samples: readonly Sample[] };

export const sampleText = (file: string): string => readFileSync(`${SAMPLES}/${file}`, 'utf8');

export const captureOf = (text: string): Capture => JSON.parse(text) as Capture;

/** The scenario of a capture that must be right. */
export function scenarioOf(input: unknown): Scenario {
  const { scenario, error } = parseCapture(input);
  if (scenario === undefined) throw new Error(JSON.stringify(error.slice(0, 3)));
  return scenario;
}

/** The place that each problem names. */
export function problemPaths(input: unknown): string[] {
  return (parseCapture(input).error ?? []).map((problem) => problem.path);
}

/** A small capture of one anonymous mapping of 4 MiB. */
export function tinyCapture(
  states: readonly CaptureState[],
  runs: CaptureVma['runs'],
  vma: Partial<CaptureVma> = {},
): Capture {
  return {
    format: 'walkscope-capture',
    version: 1,
    kernel: '6.12',
    machine: 'x86_64',
    pageSize: 4096,
    privilege: 'root',
    missing: [],
    thp: 'madvise',
    selection: 'all-anon',
    states,
    vmas: [
      {
        start: '0x7f0000000000',
        end: '0x7f0000400000',
        perms: 'rw-p',
        kind: 'anon',
        label: '',
        vmFlags: [],
        smaps: { Referenced: 4 },
        runs,
        ...vma,
      },
    ],
  };
}
