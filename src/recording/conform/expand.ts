import { type GoldenEvent, GoldenError, type GoldenRun } from './golden-format.ts';

/** Events that one file may expand to; a repeat block with a larger product is refused. */
const MAX_EVENTS = 2_000_000;

/** Unrolls `repeat` blocks: in repetition k a number named in an event's "+" is k times that step larger. */
export function expandEvents(events: readonly GoldenEvent[], place: string): GoldenEvent[] {
  const out: GoldenEvent[] = [];
  append(events, place, out);
  return out;
}

function append(events: readonly GoldenEvent[], place: string, out: GoldenEvent[]): void {
  events.forEach((event, i) => {
    if (event.e !== 'repeat') {
      out.push(event);
      return;
    }
    const at = `${place}.${i}`;
    const { n, of } = event;
    if (typeof n !== 'number' || !Number.isInteger(n) || n < 0) throw new GoldenError(`${at}.n: expected a count`);
    if (!Array.isArray(of)) throw new GoldenError(`${at}.of: expected events`);
    const block: GoldenEvent[] = [];
    append(of as GoldenEvent[], `${at}.of`, block);
    if (out.length + n * block.length > MAX_EVENTS) throw new GoldenError(`${at}: more than ${MAX_EVENTS} events`);
    for (let k = 0; k < n; k++) for (const e of block) out.push(stepped(e, k, at));
  });
}

function stepped(event: GoldenEvent, k: number, place: string): GoldenEvent {
  const { '+': steps, ...rest } = event;
  if (steps === undefined) return event;
  const copy: Record<string, unknown> = rest;
  if (k === 0) return copy as GoldenEvent;
  for (const [key, by] of Object.entries(steps as Record<string, unknown>)) {
    const value = copy[key];
    if (typeof by !== 'number') throw new GoldenError(`${place}: "+" of ${key}: expected a number`);
    if (typeof value === 'number') copy[key] = value + k * by;
    else if (typeof value === 'string') copy[key] = addToLastNumber(value, k * by);
    else throw new GoldenError(`${place}: "+" names ${key}, which is no number and no string`);
  }
  return copy as GoldenEvent;
}

/** `present:S4 W` and 3 give `present:S7 W`; a text that is a hexadecimal number counts as one, at its width. */
export function addToLastNumber(text: string, by: number): string {
  const hex = /^0x([0-9a-f]+)$/.exec(text)?.[1];
  if (hex !== undefined) return `0x${(Number.parseInt(hex, 16) + by).toString(16).padStart(hex.length, '0')}`;
  const tail = /(\d+)\D*$/.exec(text);
  if (!tail) return text;
  const digits = tail[1] as string;
  return `${text.slice(0, tail.index)}${Number(digits) + by}${text.slice(tail.index + digits.length)}`;
}

/** Unrolls runs of an array into its values; stretches that no run covers are "". */
export function expandRuns(runs: readonly GoldenRun[]): string[] {
  const out: string[] = [];
  for (const { i, n, v, inc } of runs) {
    if (i + n > MAX_EVENTS) throw new GoldenError(`a run ends at ${i + n}, beyond ${MAX_EVENTS}`);
    for (let k = 0; k < n; k++) out[i + k] = inc === undefined || k === 0 ? v : addToLastNumber(v, k * inc);
  }
  for (let i = 0; i < out.length; i++) out[i] ??= '';
  return out;
}
