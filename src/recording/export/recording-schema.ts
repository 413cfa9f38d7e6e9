import * as v from 'valibot';
import { KERNELS, OperationsSchema, REVISIONS, STRATEGIES, ScenarioSchema } from '../../scenario/schema.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const int32 = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 32 - 1));
const name = v.pipe(v.string(), v.maxLength(200));

/** What determines a recording, as a file says it. */
export const SpecSchema = v.strictObject({
  scenario: ScenarioSchema,
  strategy: v.picklist(STRATEGIES),
  revision: v.picklist(REVISIONS),
  kernel: v.exactOptional(v.picklist(KERNELS)),
  fixes: v.exactOptional(v.array(v.pipe(v.string(), v.regex(/^[A-Z]{1,4}-?\d{1,3}$/, 'an id of the ledger')))),
  operations: v.exactOptional(OperationsSchema),
  schedule: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[0-9a-h]*$/, 'a schedule such as 12b3a'), v.maxLength(20_000)),
  ),
});

/** A write: bank, cell, value before, value after (32-bit, as in the machine). */
const write = v.strictTuple([name, count, int32, int32]);

/** A step: site, op, actor, depth, operands a, b, c, writes. */
const step = v.strictTuple([name, name, count, count, int32, int32, int32, v.array(write)]);

/** A recording file, version 1. */
export const RecordingSchema = v.strictObject({
  format: v.literal('walkscope-recording'),
  version: v.literal(1),
  tool: name,
  spec: SpecSchema,
  step: v.pipe(v.number(), v.integer(), v.minValue(-1)),
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits')),
  end: v.picklist(['returned', 'blocked', 'livelock', 'bug', 'limit']),
  actors: v.array(name),
  length: count,
  steps: v.array(step),
});
