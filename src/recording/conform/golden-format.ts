import * as v from 'valibot';

/** A measured event: `e` is its kind, `f` the function of an entry or exit, `t` the thread (absent: the main one). */
export interface GoldenEvent {
  readonly e: string;
  readonly [key: string]: unknown;
}

const eventSchema = v.looseObject({ e: v.string() });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const runSchema = v.looseObject({ i: count, n: count, v: v.string(), inc: v.optional(v.number()) });
const vmaSchema = v.looseObject({
  vma: v.tuple([v.pipe(v.number(), v.integer()), v.pipe(v.number(), v.integer())]),
  perm: v.pipe(v.string(), v.regex(/^[r-][w-][x-][ps]$/, 'expected permissions such as rw-p')),
  vmflags: v.string(),
});
const stateSchema = v.looseObject({
  pt: v.nullable(v.array(eventSchema)),
  pagemap: v.array(runSchema),
  vmas: v.nullable(v.array(vmaSchema)),
});

/** Schema 1 of the measured runs. Keys that it does not name may be present and are not looked at. */
const goldenSchema = v.looseObject({
  schema: v.literal(1, 'expected schema 1'),
  scenario: v.pipe(v.string(), v.minLength(1)),
  op: v.string(),
  kernel: v.looseObject({ label: v.picklist(['base', 'v2', 'k715'], 'expected base, v2 or k715') }),
  range: v.looseObject({ pages: v.pipe(count, v.minValue(1), v.maxValue(1 << 20)) }),
  status: v.picklist(['ok', 'hung', 'bad', 'dead'], 'expected ok, hung, bad or dead'),
  steps: v.pipe(v.array(v.string()), v.minLength(1)),
  results: v.array(v.looseObject({})),
  walks: count,
  walksOuter: count,
  before: v.looseObject({ pt: v.array(eventSchema), pagemap: v.array(runSchema), vmas: v.array(vmaSchema) }),
  after: v.nullable(stateSchema),
  calls: v.array(eventSchema),
  hmm_pfns: v.nullable(v.array(runSchema)),
  src: v.record(v.string(), v.array(runSchema)),
  dst: v.record(v.string(), v.array(runSchema)),
  deviceTable: v.array(eventSchema),
  mirror: v.looseObject({ ret: v.nullable(v.union([v.number(), v.string()])), bytes: v.array(runSchema) }),
  cpages: v.nullable(v.number()),
  readback: v.looseObject({ state: v.nullable(v.string()), values: v.array(runSchema) }),
  splats: v.array(v.string()),
  truncated: v.optional(v.looseObject({ kept: v.optional(v.number()) })),
});

export type Golden = v.InferOutput<typeof goldenSchema>;
export type GoldenRun = v.InferOutput<typeof runSchema>;
export type GoldenVma = v.InferOutput<typeof vmaSchema>;
export type KernelLabel = Golden['kernel']['label'];

/** A file that is no measured run; the message names the place in it and what was expected. */
export class GoldenError extends Error {}

/**
 * Reads one measured run.
 * @param text the JSON text of the file
 * @throws GoldenError when the text is no JSON or not of the format
 */
export function parseGolden(text: string): Golden {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new GoldenError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = v.safeParse(goldenSchema, json, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new GoldenError(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}
