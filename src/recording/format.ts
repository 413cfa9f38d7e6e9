import { errnoName } from '../kernel/errno.ts';
import { RULES } from '../kernel/rules.ts';
import { MMU_NOTIFY } from '../kernel/structs.ts';
import { EXTERNAL_ACTOR, PG, PGF, VM } from '../machine/layout.ts';
import { WAIT } from '../machine/ops.ts';
import { entryValue, vmaText } from './entry-name.ts';
import { addressText, namesOf, pageText, tableText } from './names.ts';
import type { Recording } from './recording.ts';
import { structName } from './cells.ts';
import { stepNumber } from './step-number.ts';
import { hmmFlagsText, selectText } from './words-text.ts';

/** Prints one number of a recording; what it refers to is looked up as it was after `step`. */
type Printer = (rec: Recording, value: number, step: number) => string;

const PRINTERS = {
  int: (_rec, v) => String(v),
  step: (_rec, v) => String(stepNumber(v)),
  hex: (_rec, v) => `0x${(v >>> 0).toString(16)}`,
  bool: (_rec, v) => (v === 0 ? 'false' : 'true'),
  errno: (_rec, v) => errnoName(v),
  page: (rec, v) => pageText(rec, v),
  addr: (rec, v) => addressText(rec, v),
  pfn: (rec, v) => namesOf(rec).frame(v),
  /** page frame + 1, 0 = none */
  pfn1: (rec, v) => (v === 0 ? 'none' : namesOf(rec).frame(v - 1)),
  folio: (rec, v) => namesOf(rec).folio(v),
  table: (rec, v) => tableText(rec, v),
  lock: (rec, v) => `the lock of the ${tableText(rec, v)}`,
  /** an entry by its number: what it holds */
  entry: (rec, v, step) => entryValue(rec, v, step),
  pmd: (rec, v, step) => entryValue(rec, v, step),
  pte: (rec, v, step) => entryValue(rec, v, step),
  vma: (rec, v, step) => vmaText(rec, v, step),
  mm: (_rec, v) => (v === 1 ? 'the process' : `child ${v - 1}`),
  /** a device's number; the text around it says that it is one */
  device: (_rec, v) => String(v),
  /** device + 1, 0 = none */
  owner: (_rec, v) => (v === 0 ? 'none' : `device ${v - 1}`),
  /** actor + 1 that holds a lock, 0 = free */
  holder: (rec, v) =>
    v === 0 ? 'free' : v === EXTERNAL_ACTOR + 1 ? 'somebody outside' : (rec.actors[v - 1] ?? `actor ${v - 1}`),
  actor: (rec, v) => (v === EXTERNAL_ACTOR ? 'somebody outside' : (rec.actors[v] ?? `actor ${v}`)),
  flagshi: (rec, v) => hmmFlagsText(v, rec.enc),
  select: (_rec, v) => selectText(v),
  folioflags: (_rec, v) => bitNames(PG, v),
  pageflags: (_rec, v) => bitNames(PGF, v),
  vmaflags: (_rec, v) => bitNames(VM, v),
  event: (_rec, v) => keyOf(MMU_NOTIFY, v),
  wait: (_rec, v) => keyOf(WAIT, v).toLowerCase().replaceAll('_', ' '),
  rule: (_rec, v) => RULES.find((r) => r.id === v)?.name ?? `rule ${v}`,
  obj: (rec, v) => structName(rec, v),
  /** numbers of the rules of check/: a class of locks, a kind of entry, what an entry says beside its page, a counter */
  lockclass: (_rec, v) => LOCK_CLASSES[v] ?? `lock class ${v}`,
  entrykind: (_rec, v) => ENTRY_KINDS[v] ?? `entry kind ${v}`,
  entrybits: (_rec, v) => bitNames(ENTRY_BITS, v),
  rss: (_rec, v) => RSS_COUNTERS[v] ?? `counter ${v}`,
} satisfies Readonly<Record<string, Printer>>;

const LOCK_CLASSES = ['mmap lock', 'folio lock', 'anon_vma lock', 'PMD lock', 'PTE lock', 'mapped PTE table'];
const ENTRY_KINDS = [
  'nothing',
  'present',
  'device-private',
  'device-exclusive',
  'migration entry of',
  'swap',
  'marker',
];
const ENTRY_BITS = { WRITE: 1, DIRTY: 2, ACCESSED: 4, UFFD_WP: 8, EXCLUSIVE: 16 };
const RSS_COUNTERS = ['MM_ANONPAGES', 'MM_FILEPAGES', 'MM_SWAPENTS'];

/** How a number of the machine is printed; site texts name these in `{a:page addr}`. */
export type Format = keyof typeof PRINTERS;

/** True when the word names a format. */
export function isFormat(word: string): word is Format {
  return Object.hasOwn(PRINTERS, word);
}

/** A number as text in its format, as things stood after `step`. The recording is not moved. */
export function formatValue(rec: Recording, format: Format, value: number, step: number): string {
  const print: Printer = PRINTERS[format];
  return print(rec, value, step);
}

function keyOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((k) => names[k] === value) ?? String(value);
}

function bitNames(names: Readonly<Record<string, number>>, bits: number): string {
  const set = Object.keys(names).filter((k) => (bits & (names[k] as number)) !== 0);
  return set.length === 0 ? '0' : set.join('|');
}
