import type { Expectation, ProcessCall } from '../process.ts';
import type { Operation, Scenario } from '../types.ts';
import { type Sketch, sketch } from './make.ts';

/** One variant of a test of tools/testing/selftests/mm/hmm-tests.c as a scenario with a program. */
export interface Selftest {
  /** name of the test */
  readonly test: string;
  readonly scenario: Scenario;
  /** runs only where the series is applied */
  readonly needsSeries: boolean;
  /** stands for its test in the library; other variants are run by the tests only */
  readonly shipped: boolean;
}

/** What a test says; the rest follows. */
export interface SelftestSketch extends Omit<Sketch, 'source' | 'tags' | 'look'> {
  readonly test: string;
  readonly look?: readonly string[];
  readonly tags?: readonly string[];
  readonly program: readonly Operation[];
  readonly needsSeries?: boolean;
  readonly shipped?: boolean;
}

/** Makes a test of a sketch; its expectations are in the operations. */
export function selftest(s: SelftestSketch): Selftest {
  const { test, program, needsSeries = false, shipped = true, ...rest } = s;
  const look = s.look ?? ['Each operation ends with what the test expects of it.'];
  const source = [`hmm-tests: ${test}`];
  const scenario = sketch({ ...rest, look, source, tags: ['hmm-tests', ...(s.tags ?? [])] });
  return { test, scenario: { ...scenario, program }, needsSeries, shipped };
}

type DmirrorName = Extract<ProcessCall, { call: 'dmirror' }>['nr'];

/** First word of page i of a scenario is PATTERN + i. */
export const PATTERN = 0x1000;
/** The WRITE ioctl stores WRITTEN + i. */
export const WRITTEN = 0x2000;

/** An ioctl of the test driver on pages [start, end). */
export function ioctl(
  nr: DmirrorName,
  start: number,
  end: number,
  expect: Expectation = { ret: 0 },
  device = 0,
  process = 0,
): Operation {
  return { call: 'dmirror', nr, start, end, device, ...(process === 0 ? {} : { process }), expect };
}

/** MIGRATE_TO_DEV that succeeds: nothing left behind, and the data is there. */
export function toDevice(start: number, end: number, data: number | 'zero' = PATTERN + start, device = 0): Operation {
  return ioctl('to-dev', start, end, { ret: 0, cpages: end - start, data }, device);
}

/** A CPU reads pages [start, end) and finds `data`. */
export function reads(start: number, end: number, data: number | 'zero' = PATTERN + start, process = 0): Operation {
  const who = process === 0 ? {} : { process };
  return { call: 'access', start, end, write: false, ...who, expect: { ret: 0, data } };
}

/** A CPU writes `data`, one more for each further page. */
export function writes(start: number, end: number, data: number, process = 0): Operation {
  const who = process === 0 ? {} : { process };
  return { call: 'access', start, end, write: true, data, ...who, expect: { ret: 0 } };
}
