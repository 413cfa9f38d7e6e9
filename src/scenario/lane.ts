import { SWITCH_IDS } from './revision.ts';
import { parseSchedule } from './schedule.ts';
import { KERNELS, REVISIONS, STRATEGIES } from './schema.ts';
import type { KernelVersion, Operation, RunSpec, Scenario } from './types.ts';

/*
 * A way to run a scenario, in a few words: strategy, revision or kernel, fix switches, in any order, joined by . or +
 *
 *   unified.v2    fixed    v2+R-07    fault-then-migrate.base    v7.R-07.F-04    setup-fault.v7
 *
 * What is left out has its default: strategy unified (fault-then-migrate on a kernel without the series), revision v2.
 * `setup` and `setup-fault` are migrate_vma_setup() without and with MIGRATE_VMA_FAULT instead of the strategy's calls;
 * `same` stands for the operations of the run that it is laid beside; `@12b3a` is a schedule (schedule.ts).
 */

/** Why a lane cannot be read: the word, and what was expected. */
export interface LaneProblem {
  readonly word: string;
  readonly expected: string;
}

const WORDS_EXPECTED = `a strategy (${STRATEGIES.join(', ')}), a revision (${REVISIONS.join(', ')}), a kernel (base, k715), setup, setup-fault, or a fix switch such as R-07`;

type Draft = { -readonly [K in keyof RunSpec]?: RunSpec[K] };

/**
 * Reads a lane for a scenario. @param same operations that the word `same` stands for
 * @returns the run, or the first word that means nothing
 */
export function parseLane(
  text: string,
  scenario: Scenario,
  same?: readonly Operation[],
): { readonly ok: RunSpec; readonly error?: undefined } | { readonly error: LaneProblem } {
  const draft: Draft = {};
  const fixes: string[] = [];
  for (const word of text.split(/[.+]/)) {
    const problem = read(word, draft, fixes, scenario, same);
    if (problem !== undefined) return { error: { word, expected: problem } };
  }
  const { kernel } = draft;
  const strategy = draft.strategy ?? (kernel === undefined ? 'unified' : 'fault-then-migrate');
  return {
    ok: { scenario, revision: 'v2', ...draft, strategy, ...(fixes.length === 0 ? {} : { fixes }) },
  };
}

/** Takes one word into the draft; gives what was expected when it means nothing or comes twice. */
function read(
  word: string,
  draft: Draft,
  fixes: string[],
  scenario: Scenario,
  same: readonly Operation[] | undefined,
): string | undefined {
  const strategy = STRATEGIES.find((s) => s === word);
  const revision = REVISIONS.find((r) => r === word);
  const schedule = /^@([\da-h]*)$/.exec(word)?.[1];
  const kernel = KERNELS.find((k): k is Exclude<KernelVersion, 'v2'> => k === word && k !== 'v2');
  const setup = setupCalls(word, scenario);
  const twice = 'one of its kind only';
  if (strategy !== undefined) {
    if (draft.strategy !== undefined) return twice;
    draft.strategy = strategy;
  } else if (revision !== undefined) {
    if (draft.revision !== undefined) return twice;
    draft.revision = revision;
  } else if (kernel !== undefined) {
    if (draft.kernel !== undefined) return twice;
    draft.kernel = kernel;
  } else if (schedule !== undefined) {
    const bad = parseSchedule(schedule).error?.[0];
    if (bad !== undefined) return bad.expected;
    draft.schedule = schedule;
  } else if (setup !== undefined) {
    draft.operations = setup;
  } else if (word === 'same' && same !== undefined) {
    draft.operations = same;
  } else if (SWITCH_IDS.has(word)) {
    if (!fixes.includes(word)) fixes.push(word);
  } else return WORDS_EXPECTED;
  return undefined;
}

/** Words for operations, in lanes and links. */
export const SETUP_WORDS = ['setup', 'setup-fault'] as const;

/** The operations that `setup` and `setup-fault` stand for; undefined for any other word. */
export function setupCalls(word: string, { request }: Scenario): readonly Operation[] | undefined {
  if (!SETUP_WORDS.some((w) => w === word)) return undefined;
  return [{ call: 'migrate_vma', fault: word === 'setup-fault', request }];
}

/** The word for a run's operations: '' when they are what its strategy does, undefined when they have none. */
export function setupWord({ operations, scenario }: RunSpec): string | undefined {
  if (operations === undefined) return '';
  const text = JSON.stringify(operations);
  return SETUP_WORDS.find((word) => JSON.stringify(setupCalls(word, scenario)) === text);
}

/**
 * A run as a lane, as parseLane() reads it back; undefined when its operations have no word.
 * @param same operations that `same` stands for
 */
export function laneText(spec: RunSpec, same?: readonly Operation[]): string | undefined {
  const setup = setupWord(spec);
  const isSame = same !== undefined && JSON.stringify(spec.operations) === JSON.stringify(same);
  const calls = setup ?? (isSame ? 'same' : undefined);
  if (calls === undefined) return undefined;
  const kernel = spec.kernel === undefined || spec.kernel === 'v2' ? undefined : spec.kernel;
  const revision = kernel !== undefined && spec.revision === 'v2' ? [] : [spec.revision];
  return [
    spec.strategy,
    ...revision,
    ...(kernel === undefined ? [] : [kernel]),
    ...(calls === '' ? [] : [calls]),
    ...(spec.fixes ?? []),
    ...(spec.schedule === undefined ? [] : [`@${spec.schedule}`]),
  ].join('.');
}

/** A run for people, without its scenario: `unified, v2 + R-07`. */
export function laneName(spec: RunSpec): string {
  const calls = setupWord(spec) ?? 'own operations';
  const way = calls === '' ? spec.strategy : calls;
  const text = spec.kernel === undefined || spec.kernel === 'v2' ? spec.revision : spec.kernel;
  const fixes = spec.fixes ?? [];
  const extra = fixes.length === 0 ? '' : fixes.length > 3 ? ` + ${fixes.length} switches` : ` + ${fixes.join(', ')}`;
  return `${way}, ${text}${extra}${spec.schedule === undefined ? '' : `, schedule ${spec.schedule || 'left alone'}`}`;
}
