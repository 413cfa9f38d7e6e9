import * as v from 'valibot';
import type { Frozen, Same } from '../schema.ts';
import type { Capture } from './types.ts';

/*
 * The shape of a capture file. What a well-formed file may not say (runs out of order, states that do not exist) is in
 * check-capture.ts. The published JSON Schema in public/schema is generated from here.
 */

const address = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{1,16}$/, 'an address in hexadecimal with 0x'));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const small = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(63));
const text = v.pipe(v.string(), v.maxLength(256));
const range = v.strictObject({ start: address, end: address });

const mapBit = v.picklist([
  'present',
  'swapped',
  'file-or-shared',
  'soft-dirty',
  'exclusive',
  'uffd-wp',
  'guard',
  'pmd',
  'zero',
]);

const flag = v.picklist([
  'locked',
  'dirty',
  'lru',
  'writeback',
  'anon',
  'swapcache',
  'swapbacked',
  'hugetlb',
  'unevictable',
  'hwpoison',
  'ksm',
  'thp',
  'zero',
  'mlocked',
]);

const state = v.strictObject({
  map: v.pipe(v.array(mapBit), v.maxLength(16)),
  swapType: v.exactOptional(small),
  flags: v.exactOptional(v.pipe(v.array(flag), v.maxLength(32))),
  order: v.exactOptional(small),
  maps: v.exactOptional(whole),
});

const vma = v.strictObject({
  start: address,
  end: address,
  perms: v.pipe(v.string(), v.regex(/^[r-][w-][x-][ps]$/, 'permissions as in /proc/PID/maps, such as rw-p')),
  kind: v.picklist(['anon', 'shmem', 'file', 'hugetlb', 'special']),
  label: text,
  vmFlags: v.exactOptional(v.pipe(v.array(text), v.maxLength(64))),
  smaps: v.exactOptional(v.record(text, whole)),
  runs: v.array(v.pipe(v.array(whole), v.minLength(3), v.maxLength(4))),
});

/** A capture file, version 1. */
export const CaptureSchema = v.strictObject({
  format: v.literal('walkscope-capture'),
  version: v.literal(1),
  kernel: text,
  machine: text,
  pageSize: v.literal(4096),
  privilege: v.picklist(['root', 'user']),
  missing: v.array(
    v.picklist(['page-frames', 'kpageflags', 'kpagecount', 'soft-dirty', 'pagemap-scan', 'ksm', 'smaps']),
  ),
  thp: v.picklist(['always', 'madvise', 'never']),
  selection: v.picklist(['range', 'all-anon', 'heap']),
  range: v.exactOptional(range),
  truncatedAt: v.exactOptional(address),
  states: v.array(state),
  vmas: v.array(vma),
});

/** Fails to compile when the schema and the types of types.ts part company. */
export const CAPTURE_SCHEMA_IS_THE_TYPE: Same<Frozen<v.InferOutput<typeof CaptureSchema>>, Capture> = true;
