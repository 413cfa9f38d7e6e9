import * as v from 'valibot';
import { COUNTERS, type CounterId } from '../recording/counters.ts';
import {
  type Frozen,
  KERNELS,
  OperationsSchema,
  REVISIONS,
  STRATEGIES,
  type Same,
  ScenarioSchema,
} from '../scenario/schema.ts';
import { PANE_IDS, TEXT_TABS } from './panes.ts';
import { QUESTION_KINDS } from './questions/kinds.ts';
import type { Tour } from './types.ts';

/** Most stops of a tour, and characters of one of its texts. */
export const TOUR_LIMIT = { STOPS: 100, TEXT: 8000, LINE: 400 } as const;

const line = v.pipe(v.string(), v.minLength(1), v.maxLength(TOUR_LIMIT.LINE));
const text = v.pipe(v.string(), v.maxLength(TOUR_LIMIT.TEXT));
const words = v.pipe(v.string(), v.minLength(1), v.maxLength(TOUR_LIMIT.TEXT));
const id = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens, 63 characters at most'),
);
const fix = v.pipe(v.string(), v.regex(/^[A-Z]{1,4}-?\d{1,3}$/, 'an id of the ledger such as R-07'));

const run = v.strictObject({
  scenario: v.union([id, ScenarioSchema]),
  strategy: v.exactOptional(v.picklist(STRATEGIES)),
  revision: v.exactOptional(v.picklist(REVISIONS)),
  kernel: v.exactOptional(v.picklist(KERNELS)),
  fixes: v.exactOptional(v.pipe(v.array(fix), v.maxLength(200))),
  operations: v.exactOptional(OperationsSchema),
  schedule: v.exactOptional(v.pipe(v.string(), v.maxLength(20_000))),
});

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const facts = v.strictObject(
  Object.fromEntries(COUNTERS.map((c) => [c.id, v.exactOptional(count)])) as Record<
    CounterId,
    v.ExactOptionalSchema<typeof count, undefined>
  >,
);

const question = v.union([
  v.strictObject({
    ask: words,
    choices: v.pipe(v.array(line), v.minLength(2), v.maxLength(6)),
    right: v.pipe(v.number(), v.integer(), v.minValue(0)),
    because: words,
  }),
  v.strictObject({ predict: v.picklist([...QUESTION_KINDS, 'any']) }),
]);

const panes = v.strictObject({
  closed: v.array(v.picklist(PANE_IDS)),
  tab: v.exactOptional(v.picklist(TEXT_TABS)),
});

const stop = v.strictObject({
  title: line,
  run: v.exactOptional(run),
  at: line,
  expect: v.exactOptional(line),
  facts: v.exactOptional(facts),
  note: text,
  reviewer: v.exactOptional(text),
  question: v.exactOptional(question),
  panes: v.exactOptional(panes),
});

/** A tour file, version 1. */
export const TourSchema = v.strictObject({
  format: v.literal('walkscope-tour'),
  version: v.literal(1),
  id,
  title: line,
  about: text,
  goal: text,
  minutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(600)),
  needs: v.exactOptional(v.pipe(v.array(line), v.maxLength(20))),
  discuss: v.exactOptional(v.pipe(v.array(v.strictObject({ ask: words, answer: words })), v.maxLength(30))),
  stops: v.pipe(v.array(stop), v.minLength(1), v.maxLength(TOUR_LIMIT.STOPS)),
});

/** Fails to compile when the schema and the types of types.ts part company. */
export const TOUR_SCHEMA_IS_THE_TYPE: Same<Frozen<v.InferOutput<typeof TourSchema>>, Tour> = true;
