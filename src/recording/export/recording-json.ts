import * as v from 'valibot';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';
import { BANK } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { siteInfo } from '../../machine/sites.ts';
import type { ScenarioProblem } from '../../scenario/error.ts';
import { type Parsed, parseOperations, parseScenario } from '../../scenario/parse.ts';
import { parseSchedule } from '../../scenario/schedule.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { fingerprint } from '../hash.ts';
import type { Recording } from '../recording.ts';
import { stepNumber } from '../step-number.ts';
import { RecordingSchema } from './recording-schema.ts';
import { TOOL } from './tool.ts';

/*
 * A recording as a file. Other programs find every step and write in it; this one needs only the spec, since the same spec
 * gives the same recording, and uses the fingerprint and the steps to tell when a later version records it differently.
 */

const nameOf = (names: Readonly<Record<string, number>>): string[] =>
  Object.entries(names).reduce<string[]>((list, [key, id]) => {
    list[id] = key;
    return list;
  }, []);
const OP_NAME = nameOf(OP);
const BANK_NAME = nameOf(BANK);

type Row = v.InferOutput<typeof RecordingSchema>['steps'][number];

function stepRow(rec: Recording, i: number): Row {
  const { log, journal } = rec.machine;
  const { fn, label } = siteInfo(log.site[i] as number);
  const writes: Row[7] = [];
  for (let d = rec.deltaBegin(i); d < rec.deltaEnd(i); d++) {
    const l = journal.loc[d] as number;
    const bank = BANK_NAME[l >>> LOC_BANK_SHIFT] ?? String(l >>> LOC_BANK_SHIFT);
    writes.push([bank, l & LOC_INDEX_MASK, journal.old[d] as number, journal.neu[d] as number]);
  }
  return [
    `${fn}:${label}`,
    OP_NAME[log.op[i] as number] ?? String(log.op[i]),
    log.actor[i] as number,
    log.depth[i] as number,
    log.a[i] as number,
    log.b[i] as number,
    log.c[i] as number,
    writes,
  ];
}

/** The recording as JSON text (public/schema/recording.schema.json), piece by piece. @param step where it is to open */
export function* recordingJson(rec: Recording, spec: RunSpec, step: number): Generator<string> {
  const head = {
    format: 'walkscope-recording',
    version: 1,
    tool: `${TOOL.name} ${TOOL.version}`,
    spec,
    step,
    fingerprint: fingerprint(rec),
    end: rec.end,
    actors: rec.actors,
    length: rec.length,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"steps":[\n`;
  for (let i = 0; i < rec.length; i++) yield `${JSON.stringify(stepRow(rec, i))}${i + 1 < rec.length ? ',' : ''}\n`;
  yield ']}\n';
}

/** What a recording file says. */
export interface RecordingFile {
  readonly spec: RunSpec;
  readonly step: number;
  readonly fingerprint: string;
  readonly tool: string;
  readonly steps: readonly Row[];
}

/** Reads a recording from a value that came from JSON. Never throws; an error names the place. */
export function parseRecording(value: unknown): Parsed<RecordingFile> {
  const result = v.safeParse(RecordingSchema, value, { abortPipeEarly: true });
  if (!result.success)
    return {
      error: result.issues.slice(0, 20).map((issue): ScenarioProblem => {
        const path = v.getDotPath(issue) ?? '';
        const got = issue.received.slice(0, 60);
        return {
          path,
          expected: String(issue.expected),
          got,
          message: `expected ${issue.expected ?? '?'}, got ${got}.`,
        };
      }),
    };
  const { spec, step, steps, tool, length } = result.output;
  if (steps.length !== length)
    return {
      error: [
        {
          path: 'steps',
          expected: `${length} steps`,
          got: String(steps.length),
          message: `the file is cut short: ${steps.length} of ${length} steps.`,
        },
      ],
    };
  // The shape is right; what it says has to be possible, too.
  const scenario = parseScenario(spec.scenario);
  if (scenario.error !== undefined) return within('spec.scenario', scenario.error);
  if (spec.operations !== undefined) {
    const operations = parseOperations(spec.operations);
    if (operations.error !== undefined) return within('spec.operations', operations.error);
  }
  const schedule = parseSchedule(spec.schedule ?? '', 'spec.schedule');
  if (schedule.error !== undefined) return schedule;
  return {
    ok: { spec: { ...spec, scenario: scenario.ok }, step, steps, tool, fingerprint: result.output.fingerprint },
  };
}

function within(place: string, problems: readonly ScenarioProblem[]): Parsed<RecordingFile> {
  return { error: problems.map((p) => ({ ...p, path: p.path === '' ? place : `${place}.${p.path}` })) };
}

/**
 * How a run made here differs from the one in a file: undefined when they are the same, else a sentence that names the
 * first step that differs.
 */
export function differenceFrom(file: RecordingFile, rec: Recording): string | undefined {
  if (fingerprint(rec) === file.fingerprint) return undefined;
  const common = Math.min(file.steps.length, rec.length);
  for (let i = 0; i < common; i++) {
    const here = JSON.stringify(stepRow(rec, i));
    if (here !== JSON.stringify(file.steps[i]))
      return `${file.tool} recorded this run differently, from step ${stepNumber(i)} on (there ${file.steps[i]?.[0] ?? '?'}).`;
  }
  return `${file.tool} recorded ${file.steps.length} steps of this run, here it has ${rec.length}.`;
}
