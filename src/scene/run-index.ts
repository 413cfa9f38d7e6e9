import { HMM_MIGRATE, MIGRATE, RANGE } from '../kernel/structs.ts';
import { OP } from '../machine/ops.ts';
import { type WordArray, pagesOf, wordArrays } from '../recording/arrays.ts';
import { factsOf } from '../recording/facts.ts';
import type { Recording } from '../recording/recording.ts';

/** A notifier bracket of the recording: `end` is its last step, or the recording's length when it never ends. */
export interface Bracket {
  readonly begin: number;
  readonly end: number;
  readonly event: number;
  readonly start: number;
  readonly stop: number;
}

/** Pages [start, end). */
export interface Pages {
  readonly start: number;
  readonly end: number;
}

/** What a picture needs to know of the whole recording, found once. */
export interface RunIndex {
  readonly brackets: readonly Bracket[];
  /** pages the recording asks about; empty when it asks nothing */
  readonly asked: Pages;
}

const cache = new WeakMap<Recording, RunIndex>();

/** The recording's index; one pass over the step log, then remembered. */
export function runIndex(recording: Recording): RunIndex {
  const known = cache.get(recording);
  if (known !== undefined) return known;
  const built = { brackets: findBrackets(recording), asked: askedPages(recording) };
  cache.set(recording, built);
  return built;
}

function findBrackets(recording: Recording): readonly Bracket[] {
  const { log } = recording.machine;
  const brackets: Bracket[] = [];
  const open: Bracket[] = [];
  for (let i = 0; i < log.length; i++) {
    const op = log.op[i] as number;
    if (op === OP.NOTIFIER_START) {
      open.push({
        begin: i,
        end: log.length,
        event: log.a[i] as number,
        start: log.b[i] as number,
        stop: log.c[i] as number,
      });
    } else if (op === OP.NOTIFIER_END) {
      const at = open.findLastIndex((b) => b.event === log.a[i] && b.start === log.b[i] && b.stop === log.c[i]);
      if (at >= 0) brackets.push({ ...(open.splice(at, 1)[0] as Bracket), end: i });
    }
  }
  return [...brackets, ...open];
}

/** The widest range that any request of the recording names. */
function askedPages(recording: Recording): Pages {
  let asked: Pages = { start: 0, end: 0 };
  for (const array of wordArrays(recording)) {
    const span = pagesOf(array, factsOf(recording).objFirst);
    if (span.end - span.start > asked.end - asked.start) asked = span;
  }
  return asked;
}

/** Where the struct that owns an array points to it. */
const POINTER: Readonly<Record<WordArray['kind'], number>> = {
  hmm_pfns: RANGE.HMM_PFNS,
  src: MIGRATE.SRC,
  dst: MIGRATE.DST,
  pfns_2016: HMM_MIGRATE.PFNS,
};

/** An array of words as it stands now: word i of it is about page `first + i`. */
export interface ArrayNow {
  readonly kind: WordArray['kind'];
  /** number of its first word in the words bank */
  readonly word: number;
  readonly first: number;
  readonly length: number;
  /** a src[] into which the walk reports, too */
  readonly reported: boolean;
}

/**
 * The array of that kind that serves the request at the machine's position: of those that exist already, the latest
 * whose pages are the request's own; a migration inside a fault has its own small ones. Undefined before there is one.
 */
export function arrayNow(recording: Recording, kind: WordArray['kind'], request: Pages): ArrayNow | undefined {
  const { obj } = recording.machine;
  let latest: ArrayNow | undefined;
  for (const array of wordArrays(recording)) {
    if (array.kind !== kind || obj.get(array.owner + POINTER[kind]) !== array.start) continue;
    const span = pagesOf(array, obj.cells);
    const own = span.end > span.start ? span : request;
    if (own.end - own.start < request.end - request.start && latest !== undefined) continue;
    latest = {
      kind,
      word: array.start,
      first: own.start,
      length: own.end - own.start,
      reported: array.reported,
    };
  }
  return latest;
}

/** Page that a write to an array is about: index `i` of the array whose first word is `word`; -1 when unknown. */
export function pageOfWord(recording: Recording, word: number, i: number): number {
  const array = wordArrays(recording).find((x) => x.start === word);
  if (array === undefined) return -1;
  return pagesOf(array, recording.machine.obj.cells).start + i;
}
