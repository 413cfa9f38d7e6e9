import type { GoldenEvent } from './golden-format.ts';
import type { Identify } from './identify.ts';
import type { SecondThread } from './thread-timing.ts';

/** Where a file and the model part. */
export interface Difference {
  /** what was compared: `calls[37]`, `after.pt[2]`, `mirror` … */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
}

/** Keys of an event that say what it is and whose, not what happened. */
const IDENTITY = new Set(['e', 't', '+']);

/** Tolerance "kernel-address": logged as an address of that boot, so only NULL or not can be compared. */
const ADDRESSES = new Set(['fault_folio']);

/** Compares one measured event with the model's. Gives the first key that differs, or undefined. */
export function differingKey(
  measured: GoldenEvent,
  model: GoldenEvent,
  ids: Identify,
  step: number,
): string | undefined {
  if (measured.e !== model.e || (typeof measured.f === 'string' && measured.f !== model.f)) return 'e';
  for (const key of Object.keys(measured)) {
    if (IDENTITY.has(key) || sameValue(measured[key], model[key], ids, step)) continue;
    if (ADDRESSES.has(key) && (measured[key] === 0) === (model[key] === 0)) continue;
    if ((key === 'ref' || key === 'fl') && onlyBatched(measured, model, ids, step)) continue;
    return key;
  }
  return undefined;
}

/**
 * Tolerance "lru-batch". A page that is new on its way to an LRU list waits in a batch of 31 pages of
 * its CPU, which holds a reference. How many pages were in the batch before the run, and on which CPU
 * the thread was, is not measured and differs between two boots of the same kernel. So between the
 * page's entry into the batch and the next drain, the reference count may be one higher without R, or
 * one lower with it.
 */
function onlyBatched(measured: GoldenEvent, model: GoldenEvent, ids: Identify, step: number): boolean {
  if (typeof model.folio !== 'string' || !ids.mayBeBatched(model.folio, step)) return false;
  const more = (measured.ref as number) - (model.ref as number);
  if (Math.abs(more) !== 1) return false;
  if (typeof measured.fl !== 'string' || typeof model.fl !== 'string') return true;
  const [waiting, listed] = more === 1 ? [measured.fl, model.fl] : [model.fl, measured.fl];
  return !waiting.includes('R') && listed.includes('R') && listed.replace('R', '') === waiting;
}

/** Equal numbers, lists and objects; texts may differ in the names of pages. */
export function sameValue(a: unknown, b: unknown, ids: Identify, step: number): boolean {
  if (typeof a === 'string' && typeof b === 'string') return ids.sameText(a, b, step);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => sameValue(x, b[i], ids, step));
  if (isRecord(a) && isRecord(b)) return Object.keys(a).every((key) => sameValue(a[key], b[key], ids, step));
  return a === b;
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && !Array.isArray(x);
}

/** An event on one line, for messages. */
export function eventLine(event: GoldenEvent | undefined): string {
  if (!event) return '(nothing)';
  const { e, t, '+': _steps, ...args } = event;
  const { f, ...rest } = args;
  const named = typeof f === 'string';
  const head = named ? `${e} ${f}` : e;
  const words = Object.entries(named ? rest : args).map(([key, value]) => `${key}=${short(value)}`);
  return [t === undefined ? head : `[t${short(t)}] ${head}`, ...words].join(' ');
}

/** A value for messages. */
export function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

/** Compares two lists of events element by element. */
export function differInList(
  where: string,
  measured: readonly GoldenEvent[],
  model: readonly GoldenEvent[],
  ids: Identify,
  step: number,
  others?: SecondThread,
): Difference | undefined {
  const n = Math.max(measured.length, model.length);
  for (let i = 0; i < n; i++) {
    const a = measured[i];
    const b = model[i];
    if (a && b && differingKey(a, b, ids, step) === undefined) continue;
    const later = a && others?.entryAtEnd(a);
    if (a && later && differingKey(a, later, ids, Number.MAX_SAFE_INTEGER) === undefined) continue;
    return { where: `${where}[${i}]`, expected: eventLine(a), got: eventLine(b) };
  }
  return undefined;
}
