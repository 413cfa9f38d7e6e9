import * as v from 'valibot';
import { LIMIT } from './limits.ts';

/*
 * The shape of the operations of process.ts, as members of the list in schema.ts.
 */

const page = v.pipe(v.number(), v.integer(), v.minValue(-LIMIT.PAGE), v.maxValue(LIMIT.PAGE));
const device = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.DEVICES - 1));
const word = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.PAGES));

const expectation = v.strictObject({
  ret: v.exactOptional(word),
  cpages: v.exactOptional(count),
  faults: v.exactOptional(count),
  bytes: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(2000),
      v.regex(/^[0-9A-F]{2}(\*\d{1,4})?( [0-9A-F]{2}(\*\d{1,4})?)*$/, 'bytes such as FF 06*512'),
    ),
  ),
  data: v.exactOptional(v.union([word, v.literal('zero')])),
});

const common = {
  when: v.exactOptional(v.picklist(['succeeded', 'incomplete'])),
  process: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.CHILDREN))),
  expect: v.exactOptional(expectation),
};
const span = { start: page, end: page };

/** Schemas of the operations of a process, one for each `call`. */
export const PROCESS_CALLS = [
  v.strictObject({ ...common, call: v.literal('access'), ...span, write: v.boolean(), data: v.exactOptional(word) }),
  v.strictObject({
    ...common,
    call: v.literal('mprotect'),
    ...span,
    perms: v.pipe(v.string(), v.regex(/^[r-][w-][x-]$/, 'permissions such as rw-')),
  }),
  v.strictObject({ ...common, call: v.literal('munmap'), ...span }),
  v.strictObject({ ...common, call: v.literal('madvise'), advice: v.picklist(['dontneed', 'free']), ...span }),
  v.strictObject({ ...common, call: v.literal('mremap'), ...span, to: page, keepOld: v.boolean() }),
  v.strictObject({ ...common, call: v.literal('fork') }),
  v.strictObject({ ...common, call: v.literal('gup'), ...span, write: v.boolean() }),
  v.strictObject({ ...common, call: v.literal('open'), device }),
  v.strictObject({
    ...common,
    call: v.literal('dmirror'),
    nr: v.picklist([
      'read',
      'write',
      'to-dev',
      'to-sys',
      'snapshot',
      'exclusive',
      'check-exclusive',
      'release',
      'fail-alloc',
    ]),
    ...span,
    device,
  }),
  v.strictObject({
    ...common,
    call: v.literal('driver'),
    does: v.picklist(['gpu-fault', 'bind', 'evict', 'page-in', 'page-out']),
    ...span,
    device,
    write: v.exactOptional(v.boolean()),
  }),
] as const;
