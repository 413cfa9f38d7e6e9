import { OP } from '../machine/ops.ts';
import { allSites } from '../machine/sites.ts';
import type { Recording } from '../recording/recording.ts';
import { MIGRATE, RANGE } from '../kernel/structs.ts';

/** From `step` on, the code works on this request: object ids of struct hmm_range and struct migrate_vma, 0 = none yet. */
export interface Context {
  readonly step: number;
  readonly range: number;
  readonly migrate: number;
}

/** A notifier bracket of the recording: `end` is its last step, or the recording's length when it never ends. */
export interface Bracket {
  readonly begin: number;
  readonly end: number;
  readonly event: number;
  readonly start: number;
  readonly stop: number;
}

/** What a picture needs to know of the whole recording, found once. */
export interface RunIndex {
  readonly contexts: readonly Context[];
  readonly brackets: readonly Bracket[];
  /** pages the recording asks about, [start, end) */
  readonly start: number;
  readonly end: number;
}

const cache = new WeakMap<Recording, RunIndex>();

/** The recording's index; one pass over the step log, then remembered. */
export function runIndex(recording: Recording): RunIndex {
  const known = cache.get(recording);
  if (known !== undefined) return known;
  const built = build(recording);
  cache.set(recording, built);
  return built;
}

/** Which operand of a function's entry is a struct hmm_range or migrate_vma, by its site's text: `{a:obj range}`. */
function entrySites(): ReadonlyMap<number, readonly [slot: number, what: 'range' | 'migrate']> {
  const found = new Map<number, readonly [number, 'range' | 'migrate']>();
  for (const site of allSites()) {
    if (site.label !== 'enter') continue;
    const hit = /\{([abc]):obj (range|migrate|args)\}/.exec(site.text);
    if (hit) found.set(site.id, ['abc'.indexOf(hit[1] as string), hit[2] === 'range' ? 'range' : 'migrate']);
  }
  return found;
}

function build(recording: Recording): RunIndex {
  const { log } = recording.machine;
  const sites = entrySites();
  const contexts: Context[] = [];
  const brackets: Bracket[] = [];
  const open: Bracket[] = [];
  let range = 0;
  let migrate = 0;
  for (let i = 0; i < log.length; i++) {
    const op = log.op[i] as number;
    if (op === OP.ENTER) {
      const hit = sites.get(log.site[i] as number);
      if (hit === undefined) continue;
      const id = (hit[0] === 0 ? log.a[i] : hit[0] === 1 ? log.b[i] : log.c[i]) as number;
      if (hit[1] === 'range' ? id === range : id === migrate) continue;
      if (hit[1] === 'range') range = id;
      else migrate = id;
      contexts.push({ step: i, range, migrate });
    } else if (op === OP.NOTIFIER_START) {
      open.push({ begin: i, end: log.length, event: log.a[i] as number, start: log.b[i] as number, stop: log.c[i] as number });
    } else if (op === OP.NOTIFIER_END) {
      const at = open.findLastIndex((b) => b.event === log.a[i] && b.start === log.b[i] && b.stop === log.c[i]);
      if (at >= 0) brackets.push({ ...(open.splice(at, 1)[0] as Bracket), end: i });
    }
  }
  brackets.push(...open);
  return { contexts, brackets, ...extent(recording, contexts) };
}

/** The range asked for: that of the first request; without one, the pages the notifiers spoke of; else the first VMA. */
function extent(recording: Recording, contexts: readonly Context[]): { start: number; end: number } {
  const o = recording.machine.obj;
  const here = recording.position;
  recording.seek(recording.length - 1);
  let start = 0;
  let end = 0;
  for (const c of contexts) {
    const at = c.range !== 0 ? [c.range + RANGE.START, c.range + RANGE.END] : [c.migrate + MIGRATE.START, c.migrate + MIGRATE.END];
    const [s, e] = [o.get(at[0] as number), o.get(at[1] as number)];
    if (e > s && end === 0) [start, end] = [s, e];
    else if (e > s) [start, end] = [Math.min(start, s), Math.max(end, e)];
  }
  recording.seek(here);
  return { start, end };
}

/** The context in force at a step; before the first one, the first (its arrays are still empty then). */
export function contextAt(index: RunIndex, step: number): Context | undefined {
  let lo = 0;
  let hi = index.contexts.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((index.contexts[mid] as Context).step <= step) lo = mid + 1;
    else hi = mid;
  }
  return index.contexts[Math.max(0, lo - 1)];
}
