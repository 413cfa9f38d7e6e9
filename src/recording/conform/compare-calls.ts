import { type Difference, differInList, differingKey, eventLine } from './difference.ts';
import type { GoldenEvent } from './golden-format.ts';
import type { Identify } from './identify.ts';
import type { ProjectedEvent } from './project.ts';
import type { SecondThread } from './thread-timing.ts';

/**
 * How much of a run the measured log has: all; what came before the thread died in the kernel (the
 * model goes on); the head of an endless loop (the model stops when it has gone round); or everything up
 * to a BUG, at which the model stops, and what the dying thread did to close its files.
 */
export type LogExtent = 'whole' | 'cut-off' | 'endless' | 'bug';

/**
 * Compares one thread's events. Threads are compared each by itself: which of two CPUs was first
 * between two meetings at a lock is chance.
 */
export function compareThread(
  thread: number,
  measured: readonly GoldenEvent[],
  model: readonly ProjectedEvent[],
  ids: Identify,
  extent: LogExtent,
  others: SecondThread | undefined,
): Difference | undefined {
  const n =
    extent === 'whole'
      ? Math.max(measured.length, model.length)
      : extent === 'cut-off'
        ? measured.length
        : extent === 'bug'
          ? model.length
          : Math.min(measured.length, model.length);
  const inside: string[] = [];
  for (let i = 0; i < n; i++) {
    const a = measured[i];
    const b = model[i];
    if (a?.e === '<') inside.pop();
    const where = `${thread === 0 ? '' : `thread ${thread}, `}event ${i}${inside.length === 0 ? '' : ` in ${inside.at(-1)}`}`;
    if (!a || !b) return { where, expected: eventLine(a), got: eventLine(b?.event) };
    const difference = differInEvent(where, a, b, ids, others);
    if (difference) return difference;
    if (a.e === '>') inside.push(String(a.f));
  }
  return undefined;
}

function differInEvent(
  where: string,
  a: GoldenEvent,
  { event: b, step }: ProjectedEvent,
  ids: Identify,
  others: SecondThread | undefined,
): Difference | undefined {
  if (a.e === 'pt' && b.e === 'pt' && a.label === b.label) {
    return differInList(
      `${where}, pt ${String(a.label)}`,
      a.entries as readonly GoldenEvent[],
      b.entries as readonly GoldenEvent[],
      ids,
      step,
      others,
    );
  }
  if (a.e === 'arr' && b.e === 'arr' && a.name === b.name) {
    return differInWords(
      `${where}, arr ${String(a.name)}`,
      a.values as readonly string[],
      b.values as readonly string[],
      ids,
      step,
    );
  }
  const key = differingKey(a, b, ids, step);
  if (key === undefined) return undefined;
  return { where: key === 'e' ? where : `${where}, ${key}`, expected: eventLine(a), got: eventLine(b) };
}

/** Compares two arrays of texts. */
export function differInWords(
  where: string,
  measured: readonly string[],
  model: readonly string[],
  ids: Identify,
  step: number,
): Difference | undefined {
  const n = Math.max(measured.length, model.length);
  for (let i = 0; i < n; i++) {
    const a = measured[i];
    const b = model[i];
    if (a !== undefined && b !== undefined && ids.sameText(a, b, step)) continue;
    return { where: `${where}[${i}]`, expected: a ?? '(nothing)', got: b ?? '(nothing)' };
  }
  return undefined;
}
