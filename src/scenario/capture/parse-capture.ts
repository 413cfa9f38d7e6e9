import { checkScenario } from '../check.ts';
import type { ScenarioProblem } from '../error.ts';
import { parseJson, parseWith } from '../parse.ts';
import type { Scenario } from '../types.ts';
import { checkCapture } from './check-capture.ts';
import { choose } from './choose.ts';
import { about, describeRules, title } from './describe.ts';
import { layOut } from './layout.ts';
import { CaptureSchema } from './schema.ts';
import { limitSharing } from './sharing.ts';
import { hex } from './span.ts';
import type { Capture, CaptureRange, CaptureVma } from './types.ts';

/** A capture as a scenario, with what was chosen, inferred and left out on the way; or everything found wrong with it. */
export type ParsedCapture =
  | { readonly scenario: Scenario; readonly notes: readonly string[]; readonly error?: undefined }
  | { readonly scenario?: undefined; readonly notes?: undefined; readonly error: readonly ScenarioProblem[] };

/** With more characters than this, or more runs than that, reading stops at the first problem. */
const MANY_STATES = 1000;

/**
 * Reads a capture from JSON text, or from a value that came from JSON. Never throws.
 * @param range what to walk; left out: the range is chosen
 */
export function parseCapture(input: unknown, range?: CaptureRange): ParsedCapture {
  const json = typeof input === 'string' ? parseJson(input) : { ok: input };
  if (json.error !== undefined) return { error: json.error.map((problem) => hint(problem, String(input))) };
  const stranger = otherFormat(json.ok);
  if (stranger !== undefined) return { error: [stranger] };
  const read = parseWith(CaptureSchema, json.ok, isLarge(json.ok));
  if (read.error !== undefined) return { error: read.error };
  const problems = checkCapture(read.ok);
  return problems.length > 0 ? { error: problems } : toScenario(read.ok, range);
}

function toScenario(c: Capture, range: CaptureRange | undefined): ParsedCapture {
  const notes: string[] = [];
  const choice = choose(c, range, notes);
  if ('path' in choice) return { error: [choice] };
  const { walk } = choice;
  const { vmas, entries, tally } = layOut(c, choice);
  const shared = limitSharing(entries);
  const readable = vmas.some((vma) => vma.perms.startsWith('r') && vma.start < walk.end - walk.start && vma.end > 0);
  const scenario: Scenario = {
    format: 'walkscope-scenario',
    version: 1,
    id: 'capture',
    title: title(c, choice),
    about: about(c, choice, tally),
    source: [`capture of a process on Linux ${c.kernel}`],
    tags: ['capture'],
    base: hex(walk.start),
    vmas,
    entries: shared.entries,
    request: {
      start: 0,
      end: walk.end - walk.start,
      fault: readable,
      write: false,
      select: ['SYSTEM', 'COMPOUND'],
      device: 0,
    },
    conditions: { thp: c.thp },
  };
  const problems = checkScenario(scenario);
  if (problems.length > 0) return { error: problems.map(asScenario) };
  return { scenario, notes: [...notes, ...describeRules(c, tally, shared)] };
}

/** The capture reads well but describes what the model cannot be in. */
function asScenario(problem: ScenarioProblem): ScenarioProblem {
  return {
    ...problem,
    path: `scenario.${problem.path}`,
    message: `the memory of this capture is not possible in the model: ${problem.message}`,
  };
}

function isLarge(value: unknown): boolean {
  const { vmas, states } = (value ?? {}) as { vmas?: unknown; states?: unknown };
  if (!Array.isArray(vmas)) return false;
  let items = Array.isArray(states) ? states.length : 0;
  for (const vma of vmas as (Partial<CaptureVma> | null)[])
    items += 1 + (Array.isArray(vma?.runs) ? vma.runs.length : 0);
  return items > MANY_STATES;
}

/** What a file that is no JSON most likely is. */
function hint(problem: ScenarioProblem, text: string): ScenarioProblem {
  const expected = 'JSON written by capture.py';
  if (/^\s*[0-9a-f]{4,16}-[0-9a-f]{4,16} [r-][w-][x-][ps] /.test(text)) {
    const message =
      'this is the text of /proc/PID/maps or smaps: run capture.py on the process and open what it writes.';
    return { ...problem, expected, message };
  }
  if (text.slice(0, 2000).includes('walkscope-capture')) {
    const message = `the capture is damaged or ends early, so it is no JSON: ${problem.message}`;
    return { ...problem, expected, message };
  }
  return problem;
}

/** Objects to JSON that is something else. */
function otherFormat(value: unknown): ScenarioProblem | undefined {
  const expected = '"walkscope-capture"';
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) {
    const got = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    return { path: '', expected: 'an object', got, message: `a capture is a JSON object, but this is ${got}.` };
  }
  const { format } = value as { format?: unknown };
  if (format === 'walkscope-capture') return undefined;
  const got = format === undefined ? 'nothing' : JSON.stringify(format).slice(0, 60);
  const message =
    format === 'walkscope-scenario'
      ? 'this is a scenario, not a capture.'
      : `this is JSON, but no capture: its field format is ${got}, expected ${expected}.`;
  return { path: 'format', expected, got, message };
}
