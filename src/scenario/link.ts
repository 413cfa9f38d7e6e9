import type { ScenarioProblem } from './error.ts';
import { deflateText, inflateText } from './deflate.ts';
import { scenarioById } from './library/index.ts';
import { SETUP_WORDS, laneText, parseLane, setupCalls, setupWord } from './lane.ts';
import { parseJson, parseOperations, parseScenario, type Parsed } from './parse.ts';
import { parseSchedule } from './schedule.ts';
import { KERNELS, REVISIONS, STRATEGIES } from './schema.ts';
import type { Operation, RunSpec, Scenario } from './types.ts';

/*
 * A run and a place in it as a URL fragment:
 *
 *   #1/mixed/r=v7/f=R-07,F-04/n=123
 *    |   |    |
 *    |   |    parts in any order, each at most once; what is left out has its default
 *    |   id of a library scenario, or ~ and a whole scenario (deflate.ts)
 *    version
 *
 *   s strategy (unified)   k kernel (v2)   r revision (v2)   f fix switches (none)   n index of the step, from 0 (wherever it is interesting)
 *   c schedule: who goes on at each choice, 12b3a (rivals start at their cues)
 *   l lanes: this run (_) and others beside it, _,unified.fixed (lane.ts)
 *   o operations: setup, setup-fault, or ~ and JSON (what the strategy does)   v view: text of the session's own
 */

/** What a link says. */
export interface LinkState {
  readonly spec: RunSpec;
  /** step to stand at, -1 = before the first; left out: wherever it is interesting */
  readonly step?: number;
  /** how things were looked at, in the session's own words: letters, digits and -_.,:+ (at most 200) */
  readonly view?: string;
  /** runs of the same scenario that are laid side by side, in their order; `spec` is the one at `lead` */
  readonly beside?: Lanes;
}

/** Lanes and the number of the one that leads. */
export interface Lanes {
  readonly lanes: readonly RunSpec[];
  readonly lead: number;
}

/** Characters of a fragment that are read at most. */
export const MOST_LINK = 512 * 1024;
/** Bytes that a compressed scenario may unfold to. */
const MOST_UNFOLDED = 8 * 1024 * 1024;
const MOST_STEP = 2 ** 31 - 1;
const VIEW = /^[\w\-.,:+]{1,200}$/;
const FIX = /^[A-Z]{1,4}-?\d{1,3}$/;

/** The fragment, with its `#`, that reopens a run at a step. */
export async function encodeLink(state: LinkState): Promise<string> {
  return shortLink(state) ?? join(state, await packed(state.spec.scenario), await operationsPart(state.spec));
}

/** The same at once, for a library scenario without operations of its own; undefined for all else. */
export function shortLink(state: LinkState): string | undefined {
  const { scenario } = state.spec;
  const operations = setupWord(state.spec);
  return operations === undefined || !isShipped(scenario) ? undefined : join(state, scenario.id, operations);
}

function isShipped(scenario: Scenario): boolean {
  const shipped = scenarioById(scenario.id);
  return shipped !== undefined && (shipped === scenario || JSON.stringify(shipped) === JSON.stringify(scenario));
}

function join(state: LinkState, scenario: string, operations: string): string {
  const { spec, step, view } = state;
  const lanes = lanesPart(state);
  const parts = ['#1', scenario];
  if (spec.strategy !== 'unified') parts.push(`s=${spec.strategy}`);
  if (spec.kernel !== undefined) parts.push(`k=${spec.kernel}`);
  if (spec.revision !== 'v2') parts.push(`r=${spec.revision}`);
  if (spec.fixes !== undefined && spec.fixes.length > 0) parts.push(`f=${spec.fixes.join(',')}`);
  if (operations !== '') parts.push(`o=${operations}`);
  if (spec.schedule !== undefined) parts.push(`c=${spec.schedule}`);
  if (lanes !== '') parts.push(`l=${lanes}`);
  if (view !== undefined && VIEW.test(view)) parts.push(`v=${view}`);
  if (step !== undefined) parts.push(`n=${step}`);
  return parts.join('/');
}

/** Lanes that a link can name; a run whose operations have no word is left out. */
function lanesPart({ spec, beside }: LinkState): string {
  if (beside === undefined) return '';
  const words = beside.lanes.map((lane, i) => (i === beside.lead ? '_' : laneText(lane, spec.operations)));
  const known = words.filter((w) => w !== undefined);
  return known.length > 1 ? known.join(',') : '';
}

/** Lanes side by side at most. */
export const MOST_LANES = 4;

function readLanes(text: string, spec: RunSpec): Parsed<Lanes> {
  const words = text.split(',');
  const lead = words.indexOf('_');
  if (words.length < 2 || words.length > MOST_LANES || lead < 0 || words.lastIndexOf('_') !== lead)
    return wrong(
      'link.l',
      `2 to ${MOST_LANES} lanes, one of them _`,
      text.slice(0, 60),
      `"${text.slice(0, 60)}" names no lanes: expected 2 to ${MOST_LANES}, separated by commas, and _ for this run.`,
    );
  const lanes: RunSpec[] = [];
  for (const word of words) {
    if (word === '_') {
      lanes.push(spec);
      continue;
    }
    const read = parseLane(word, spec.scenario, spec.operations);
    if (read.error !== undefined)
      return wrong(
        'link.l',
        read.error.expected,
        read.error.word.slice(0, 40),
        `"${read.error.word.slice(0, 40)}" is no part of a lane: expected ${read.error.expected}.`,
      );
    lanes.push(read.ok);
  }
  return { ok: { lanes, lead } };
}

/** Compressed scenarios, so that moving the cursor does not compress again. */
const kept = new WeakMap<object, Promise<string>>();

async function packed(value: Scenario | readonly Operation[]): Promise<string> {
  let text = kept.get(value);
  if (text === undefined) {
    text = deflateText(JSON.stringify(value));
    kept.set(value, text);
  }
  return `~${await text}`;
}

async function operationsPart(spec: RunSpec): Promise<string> {
  return setupWord(spec) ?? packed(spec.operations ?? []);
}

/** Reads a fragment, with or without its `#`. Never throws; an error names the part of the link. */
export async function decodeLink(fragment: string): Promise<Parsed<LinkState>> {
  if (fragment.length > MOST_LINK) {
    return wrong(
      'link',
      `at most ${MOST_LINK} characters`,
      fragment.length,
      `the link has ${fragment.length} characters: too many.`,
    );
  }
  const [version, name = '', ...rest] = fragment.replace(/^#/, '').split('/');
  if (version !== '1') {
    return wrong(
      'link',
      'version 1, as in #1/mixed',
      version ?? '',
      `version "${version ?? ''}" of links is unknown here: expected 1.`,
    );
  }
  const scenario = await readScenario(name);
  if (scenario.error !== undefined) return scenario;
  const parts = readParts(rest);
  return parts.error !== undefined ? parts : assemble(scenario.ok, parts.ok);
}

async function readScenario(name: string): Promise<Parsed<Scenario>> {
  if (!name.startsWith('~')) {
    const shipped = scenarioById(name);
    if (shipped !== undefined) return { ok: shipped };
    return wrong('link.scenario', 'a scenario of the library', name, `the library has no scenario "${name}".`);
  }
  const text = await inflateText(name.slice(1), MOST_UNFOLDED);
  if (text === undefined) return damaged('link.scenario');
  const parsed = parseScenario(text);
  if (parsed.error === undefined) return parsed;
  return {
    error: parsed.error.map((p) => ({ ...p, path: p.path === '' ? 'link.scenario' : `link.scenario.${p.path}` })),
  };
}

const KEYS = ['s', 'k', 'r', 'f', 'l', 'o', 'c', 'v', 'n'] as const;
type Key = (typeof KEYS)[number];

function readParts(rest: readonly string[]): Parsed<ReadonlyMap<Key, string>> {
  const parts = new Map<Key, string>();
  for (const part of rest) {
    const [, text = '', value = ''] = /^([a-z])=(.*)$/.exec(part) ?? [];
    const key = KEYS.find((k) => k === text);
    if (key === undefined)
      return wrong('link', `parts ${KEYS.join('= ')}=`, part, `the part "${part.slice(0, 60)}" is unknown.`);
    if (parts.has(key)) return wrong(`link.${key}`, 'once', 'twice', `the part ${key}= comes twice.`);
    parts.set(key, value);
  }
  return { ok: parts };
}

async function assemble(scenario: Scenario, parts: ReadonlyMap<Key, string>): Promise<Parsed<LinkState>> {
  const strategyText = parts.get('s') ?? 'unified';
  const strategy = STRATEGIES.find((s) => s === strategyText);
  if (strategy === undefined) return notOne('link.s', STRATEGIES, strategyText, 'strategy');
  const kernelText = parts.get('k');
  const kernel = KERNELS.find((k) => k === kernelText);
  if (kernel === undefined && kernelText !== undefined) return notOne('link.k', KERNELS, kernelText, 'kernel');
  const revisionText = parts.get('r') ?? 'v2';
  const revision = REVISIONS.find((r) => r === revisionText);
  if (revision === undefined) return notOne('link.r', REVISIONS, revisionText, 'revision');

  const fixes = parts.get('f')?.split(',');
  const badFix = fixes?.find((f) => !FIX.test(f));
  if (badFix !== undefined) {
    return wrong(
      'link.f',
      'ledger ids such as R-07',
      badFix,
      `"${badFix.slice(0, 40)}" is no id of the ledger, such as R-07.`,
    );
  }
  const operations = await readOperations(parts.get('o'), scenario);
  if (operations?.error !== undefined) return operations;

  const schedule = parts.get('c');
  if (schedule !== undefined) {
    const read = parseSchedule(schedule, 'link.c');
    if (read.error !== undefined) return read;
  }
  const n = parts.get('n');
  if (n !== undefined && !(/^(-1|\d{1,10})$/.test(n) && Number(n) <= MOST_STEP)) {
    return wrong('link.n', 'a step number', n, `"${n.slice(0, 40)}" is no step: expected a number from -1 on.`);
  }
  const view = parts.get('v');
  if (view !== undefined && !VIEW.test(view)) {
    return wrong(
      'link.v',
      'letters, digits and -_.,:+',
      view.slice(0, 40),
      'the view has other characters than letters, digits and -_.,:+.',
    );
  }
  const spec: RunSpec = {
    scenario,
    strategy,
    revision,
    ...(kernel === undefined ? {} : { kernel }),
    ...(fixes === undefined ? {} : { fixes }),
    ...(operations === undefined ? {} : { operations: operations.ok }),
    ...(schedule === undefined ? {} : { schedule }),
  };
  const l = parts.get('l');
  const beside = l === undefined ? undefined : readLanes(l, spec);
  if (beside?.error !== undefined) return beside;
  return {
    ok: {
      spec,
      ...(beside === undefined ? {} : { beside: beside.ok }),
      ...(n === undefined ? {} : { step: Number(n) }),
      ...(view === undefined ? {} : { view }),
    },
  };
}

async function readOperations(
  text: string | undefined,
  scenario: Scenario,
): Promise<Parsed<readonly Operation[]> | undefined> {
  if (text === undefined) return undefined;
  const setup = setupCalls(text, scenario);
  if (setup !== undefined) return { ok: setup };
  if (!text.startsWith('~')) return notOne('link.o', SETUP_WORDS, text, 'set of operations');
  const unfolded = await inflateText(text.slice(1), MOST_UNFOLDED);
  if (unfolded === undefined) return damaged('link.o');
  const json = parseJson(unfolded);
  const parsed = json.error === undefined ? parseOperations(json.ok) : json;
  if (parsed.error === undefined) return parsed;
  return { error: parsed.error.map((p) => ({ ...p, path: `link.o${p.path}` })) };
}

function damaged(path: string): { error: readonly ScenarioProblem[] } {
  return wrong(path, 'compressed text', 'something else', 'the link is cut short or damaged.');
}

function notOne(
  path: string,
  known: readonly string[],
  got: string,
  what: string,
): { error: readonly ScenarioProblem[] } {
  return wrong(
    path,
    known.join(' or '),
    got.slice(0, 40),
    `"${got.slice(0, 40)}" is no ${what}: expected ${known.join(', ')}.`,
  );
}

function wrong(
  path: string,
  expected: string,
  got: string | number,
  message: string,
): { error: readonly ScenarioProblem[] } {
  return { error: [{ path, expected, got: String(got), message }] };
}
