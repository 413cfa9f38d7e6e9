import type { CFunction } from './functions.ts';
import { GAP } from './tokens.ts';

/**
 * One step of a chain, a few tokens: `pmd_lock (`. `_` stands for any identifier, so that renamed locals do no harm; `@`
 * marks the token whose line counts (else the first). A chain leads from statement to statement:
 *
 * - the first step must occur once in the function; `*` in front takes every occurrence;
 * - a further step is the first occurrence after the one before, within a few statements; `>>` in front: at any
 *   distance; no step crosses what is not in the patch;
 * - `^` is the function's beginning, `$` its closing brace.
 */
export type Chain = readonly string[];

/** Lines a chain leads to; or why it leads nowhere. */
export type Reached =
  | { readonly lines: readonly number[] }
  | { readonly lines: null; readonly why: 'none' | 'several'; readonly step: string };

/** Statement ends (`;`, `{`, `}`) that a step may pass. */
const REACH = 9;

interface Step {
  readonly tokens: readonly string[];
  /** index of the token whose line counts */
  readonly mark: number;
  readonly every: boolean;
  readonly far: boolean;
}

const steps = new Map<string, Step>();

function stepOf(text: string): Step {
  let step = steps.get(text);
  if (step === undefined) {
    const every = text.startsWith('* ');
    const far = text.startsWith('>>');
    const words = text
      .slice(every || far ? 2 : 0)
      .trim()
      .split(/\s+/);
    step = {
      tokens: words.map((w) => (w.length > 1 && w.startsWith('@') ? w.slice(1) : w)),
      mark: Math.max(
        0,
        words.findIndex((w) => w.length > 1 && w.startsWith('@')),
      ),
      every,
      far,
    };
    steps.set(text, step);
  }
  return step;
}

/** Follows a chain through a function. */
export function reach(fn: CFunction, chain: Chain): Reached {
  const [first = '', ...rest] = chain;
  if (first === '$') return fn.end < 0 ? none(first) : { lines: [fn.end] };
  if (first === '^') {
    if (rest.length === 0) return { lines: [fn.line] };
    return fn.begins ? follow(fn, [0], rest, [fn.line]) : none(first);
  }
  const step = stepOf(first);
  const found = occurrences(fn, step);
  if (found.length === 0) return none(first);
  if (found.length > 1 && !step.every) return { lines: null, why: 'several', step: first };
  const lines = found.map((at) => fn.tokens[at + step.mark]?.line ?? -1);
  return follow(
    fn,
    found.map((at) => at + step.tokens.length),
    rest,
    lines,
  );
}

const none = (step: string): Reached => ({ lines: null, why: 'none', step });

/** Goes the further steps from each of the places; all of them must arrive. */
function follow(fn: CFunction, places: readonly number[], rest: Chain, lines: readonly number[]): Reached {
  let at = places;
  let last = lines;
  for (const text of rest) {
    const step = stepOf(text);
    const next = at.map((from) => firstAfter(fn, step, from));
    if (next.includes(-1)) return none(text);
    last = next.map((p) => fn.tokens[p + step.mark]?.line ?? -1);
    at = next.map((p) => p + step.tokens.length);
  }
  return { lines: [...new Set(last)] };
}

function occurrences(fn: CFunction, step: Step): number[] {
  const out: number[] = [];
  for (let i = 0; i < fn.tokens.length; i++) if (fits(fn, step, i)) out.push(i);
  return out;
}

function firstAfter(fn: CFunction, step: Step, from: number): number {
  let passed = 0;
  for (let i = from; i < fn.tokens.length; i++) {
    const text = fn.tokens[i]?.text;
    if (text === GAP) return -1;
    if (fits(fn, step, i)) return i;
    if ((text === ';' || text === '{' || text === '}') && ++passed > REACH && !step.far) return -1;
  }
  return -1;
}

function fits(fn: CFunction, step: Step, at: number): boolean {
  return step.tokens.every((t, k) => {
    const text = fn.tokens[at + k]?.text;
    return t === '_' ? text !== undefined && /^[A-Za-z_]/.test(text) : text === t;
  });
}
