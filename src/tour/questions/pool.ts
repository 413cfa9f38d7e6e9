import { errnoName } from '../../kernel/errno.ts';
import { OP } from '../../machine/ops.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { Derived } from '../../recording/derived.ts';
import type { Recording } from '../../recording/recording.ts';
import { writtenEntry, writtenWord } from '../../recording/written.ts';
import { decidingSteps } from './deciding.ts';
import { lockName } from './lock-name.ts';

/** What a recording holds that could also have been the answer: values of other pages, of other calls, of other locks. */
export interface Pool {
  /** entries as text, those written last first come last */
  readonly entries: readonly string[];
  /** words as text, by layout */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** return values as text, by function */
  readonly returns: ReadonlyMap<string, readonly string[]>;
  readonly locks: readonly string[];
  /** walk_page_range() calls of each hmm_range_fault() */
  readonly walks: readonly number[];
}

/** Steps of a kind that are looked at: enough for variety, and a recording of a GiB stays quick. */
const MOST = 400;

const pools = new Derived<Pool>((rec) => {
  const steps = (kind: Parameters<ReturnType<typeof decidingSteps>['get']>[0]): readonly number[] =>
    spread(decidingSteps(rec).get(kind) ?? []);
  const words = new Map<string, string[]>();
  for (const i of steps('word')) {
    const { layout, value } = writtenWord(rec, i);
    addTo(words, layout, value);
  }
  const returns = new Map<string, string[]>();
  for (const i of steps('return'))
    addTo(returns, functionOfSite(rec.machine.log.site[i] as number).name, errnoName(rec.machine.log.a[i] as number));
  return {
    entries: unique(steps('entry').flatMap((i) => writtenEntry(rec, i)?.neu ?? [])),
    words,
    returns,
    locks: unique(steps('lock').flatMap((i) => lockName(rec, i) ?? [])),
    walks: unique(steps('walks').map((i) => walksIn(rec, i))),
  };
});

/** The pool of a recording, made on the first call. */
export function poolOf(rec: Recording): Pool {
  return pools.of(rec);
}

/** walk_page_range() calls between the ENTER of hmm_range_fault() and its EXIT. */
export function walksIn(rec: Recording, enter: number): number {
  const { op, site, actor, depth } = rec.machine.log;
  let walks = 0;
  for (let i = enter + 1; i < rec.length; i++) {
    if (actor[i] !== actor[enter]) continue;
    const inside = (depth[i] as number) - (depth[enter] as number);
    if (inside < 0 || (inside === 0 && op[i] === OP.EXIT)) break;
    if (op[i] === OP.ENTER && functionOfSite(site[i] as number).name === 'walk_page_range') walks++;
  }
  return walks;
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

function spread(steps: readonly number[]): readonly number[] {
  if (steps.length <= MOST) return steps;
  return Array.from({ length: MOST }, (_, i) => steps[Math.floor((i * steps.length) / MOST)] as number);
}

const unique = <T>(list: readonly T[]): readonly T[] => [...new Set(list)];
