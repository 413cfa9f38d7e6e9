import * as v from 'valibot';
import { DRIVER_NAMES, DRIVER_WAYS } from '../kernel/drivers/ways.ts';
import { ACTOR_KINDS } from './actors.ts';
import { LIMIT } from './limits.ts';
import { PROCESS_CALLS } from './process-schema.ts';
import type { KernelVersion, Operation, Revision, Scenario, Strategy } from './types.ts';

/*
 * The shape of a scenario file. What a well-formed file may not say (overlaps, impossible states) is in check.ts. The
 * published JSON Schema in public/schema is generated from here.
 */

const page = v.pipe(v.number(), v.integer(), v.minValue(-LIMIT.PAGE), v.maxValue(LIMIT.PAGE));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMIT.PAGES));
const device = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.DEVICES - 1));
const refs = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.REFS));
const children = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMIT.CHILDREN));
const word = v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1));
const flag = v.exactOptional(v.boolean());
const text = v.pipe(v.string(), v.maxLength(2000));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(40));
const id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, 'lower-case letters, digits, - and _, at most 80'));

const vma = v.strictObject({
  start: page,
  end: page,
  perms: v.pipe(v.string(), v.regex(/^[r-][w-][x-][ps]$/, 'permissions as in /proc/PID/maps, such as rw-p')),
  kind: v.picklist(['anon', 'shmem', 'file', 'hugetlb', 'special']),
  flags: v.exactOptional(
    v.array(v.picklist(['hugepage', 'nohugepage', 'mlocked', 'io', 'pfnmap', 'mixedmap', 'dontexpand'])),
  ),
});

const folio = v.strictObject({
  name: v.exactOptional(name),
  order: v.exactOptional(v.picklist([0, 9])),
  memory: v.exactOptional(v.picklist(['system', 'private', 'coherent'])),
  device: v.exactOptional(device),
  anon: flag,
  exclusive: flag,
  sharedBy: v.exactOptional(children),
  extraRefs: v.exactOptional(refs),
  pins: v.exactOptional(refs),
  locked: flag,
  lru: v.exactOptional(v.picklist(['list', 'batch', 'none'])),
  dirty: flag,
  mlocked: flag,
});

const entry = v.strictObject({
  page,
  count,
  level: v.picklist(['pte', 'pmd']),
  kind: v.picklist([
    'none',
    'present',
    'zero',
    'swap',
    'migration',
    'device',
    'device-exclusive',
    'hwpoison',
    'marker',
  ]),
  write: flag,
  young: flag,
  dirty: flag,
  softDirty: flag,
  uffdWp: flag,
  protnone: flag,
  special: flag,
  migration: v.exactOptional(v.picklist(['r', 'rx', 'w'])),
  marker: v.exactOptional(v.picklist(['uffd-wp', 'poisoned', 'guard'])),
  folio: v.exactOptional(folio),
  folioPage: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(511))),
  data: v.exactOptional(word),
  slot: v.exactOptional(v.strictObject({ exclusive: flag, sharedBy: v.exactOptional(children) })),
  mirrored: flag,
});

const asked = v.picklist(['fault', 'write', 'nothing']);

const request = v.strictObject({
  start: page,
  end: page,
  fault: v.boolean(),
  write: v.boolean(),
  select: v.array(v.picklist(['SYSTEM', 'DEVICE_PRIVATE', 'DEVICE_COHERENT', 'COMPOUND'])),
  device,
  driver: v.exactOptional(v.picklist(DRIVER_NAMES)),
  perPage: v.exactOptional(v.strictObject({ even: asked, odd: asked })),
});

const rival = v.strictObject({
  does: v.picklist(ACTOR_KINDS),
  start: page,
  end: page,
  device: v.exactOptional(device),
  holds: flag,
  when: v.picklist([
    'before-first-pmd-lock',
    'before-first-pte-lock',
    'before-copy',
    'before-split',
    'mmap-held',
    'before-unmap',
  ]),
});

const conditions = v.strictObject({
  openDevices: v.exactOptional(v.array(device)),
  failAlloc: v.exactOptional(v.array(device)),
  thp: v.exactOptional(v.picklist(['always', 'madvise', 'never'])),
  rivals: v.exactOptional(v.array(rival)),
  driver: v.exactOptional(v.array(v.picklist(DRIVER_WAYS))),
  without: v.exactOptional(v.array(v.picklist(['DEVICE_MIGRATION']))),
});

const when = v.exactOptional(v.picklist(['succeeded', 'incomplete']));

/** Operations of a run, as in RunSpec. */
export const OperationsSchema = v.pipe(
  v.array(
    v.variant('call', [
      v.strictObject({ when, call: v.literal('hmm_range_fault'), migrate: v.boolean(), request }),
      v.strictObject({
        when,
        call: v.literal('migrate_vma'),
        fault: v.boolean(),
        request,
        ifIncomplete: v.exactOptional(v.literal('abort')),
      }),
      v.strictObject({ when, call: v.literal('hmm_vma_migrate'), request }),
      v.strictObject({ when, call: v.literal('strategy') }),
      v.strictObject({ when, call: v.literal('cpu'), write: v.boolean(), page }),
      v.strictObject({
        when,
        call: v.literal('ioctl'),
        nr: v.picklist(['read', 'write', 'to-dev', 'to-sys']),
        start: page,
        end: page,
        device,
      }),
      ...PROCESS_CALLS,
    ]),
  ),
  v.maxLength(LIMIT.OPERATIONS),
);

/** A scenario file, version 1. */
export const ScenarioSchema = v.strictObject({
  format: v.literal('walkscope-scenario'),
  version: v.literal(1),
  id,
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  about: v.exactOptional(text),
  look: v.exactOptional(v.array(text)),
  source: v.exactOptional(v.array(text)),
  tags: v.exactOptional(v.array(name)),
  base: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{1,12}$/, 'an address in hexadecimal with 0x')),
  vmas: v.array(vma),
  entries: v.array(entry),
  tables: v.exactOptional(v.array(v.strictObject({ page, level: v.picklist(['pmd', 'pte']) }))),
  request,
  conditions: v.exactOptional(conditions),
  program: v.exactOptional(OperationsSchema),
});

/** Names of strategies, revisions and kernels, for links and pickers. */
export const STRATEGIES = [
  'unified',
  'fault-then-migrate',
  'migrate-fault-migrate',
  'migrate-only',
  'fault-only',
  'legacy-2016',
] as const;
export const REVISIONS = ['v2', 'v7', 'fixed', 'rfc'] as const;
export const KERNELS = ['v2', 'base', 'k715'] as const;

/** Fails to compile when the schema and the types of types.ts part company. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;
export const SCHEMA_IS_THE_TYPE: [
  Same<Frozen<v.InferOutput<typeof ScenarioSchema>>, Scenario>,
  Same<Frozen<v.InferOutput<typeof OperationsSchema>>, readonly Operation[]>,
  Same<(typeof STRATEGIES)[number], Strategy>,
  Same<(typeof REVISIONS)[number], Revision>,
  Same<(typeof KERNELS)[number], KernelVersion>,
] = [true, true, true, true, true];
