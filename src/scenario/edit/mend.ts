import { checkScenario } from '../check.ts';
import type { ScenarioProblem } from '../error.ts';
import type { Scenario } from '../types.ts';
import { type Path, pathOf, valueAt, withValue } from './fields.ts';
import { drawVma } from './draw.ts';
import { areaStart, AREA_PAGES } from './areas.ts';

/** A change that would answer an objection. */
export interface Mend {
  readonly title: string;
  readonly scenario: Scenario;
}

/** Mends offered for one objection at most. */
const MOST = 3;

/**
 * What could be done about an objection: changes after which it is gone and there are not more of them than before.
 * The smallest changes come first; the last one takes the whole stretch, VMA or rival away.
 */
export function mendsFor(s: Scenario, problem: ScenarioProblem): readonly Mend[] {
  const before = checkScenario(s);
  const seen = new Set<string>();
  const good: Mend[] = [];
  for (const mend of candidates(s, problem)) {
    const text = JSON.stringify(mend.scenario);
    if (seen.has(text) || good.length === MOST) continue;
    seen.add(text);
    const after = checkScenario(mend.scenario);
    const stays = after.some((p) => p.path === problem.path && p.message === problem.message);
    // Entries are checked only once VMAs and request are right, so more may come to light then: those do not count.
    const deeper = !problem.path.startsWith('entries');
    if (!stays && (deeper || after.length <= before.length)) good.push(mend);
  }
  return good;
}

function* candidates(s: Scenario, p: ScenarioProblem): Generator<Mend> {
  const path = pathOf(p.path);
  const set = (value: unknown, title: string, at: Path = path): Mend => ({ title, scenario: withValue(s, at, value) });
  const field = String(path.at(-1) ?? '');
  const literal = /^(true|false)$/.exec(p.expected)?.[1];
  if (literal !== undefined) {
    // False is what is meant when nothing is said.
    yield set(literal === 'true' ? true : undefined, literal === 'true' ? `Say ${field}` : `Without ${field}`);
    yield set(literal === 'true', `Set ${field} to ${literal}`);
  }
  for (const value of p.expected.split(/, | or /)) {
    if (/^-?\d+$/.test(value)) yield set(Number(value), `Set ${field} to ${value}`);
    else if (/^[a-z_-]+$/i.test(value) && literal === undefined && typeof valueAt(s, path) === 'string')
      yield set(value, `Set ${field} to ${value}`);
  }
  const most = /^at most (\d+)$/.exec(p.expected)?.[1];
  if (most !== undefined) yield set(Number(most), `Only ${most}`);
  if (/^(no|none)\b/.test(p.expected)) yield set(undefined, `Without ${field}`);
  const kind = /^kind (\S+)$/.exec(p.expected)?.[1];
  if (kind !== undefined) {
    yield set(undefined, `Without ${field}`);
    yield set(kind, `Make it an entry of kind ${kind}`, [...path.slice(0, -1), 'kind']);
  }
  yield* aroundEntry(s, path, p);
  const [list, index] = path;
  if (typeof index === 'number')
    yield set(undefined, `Take ${NAMES[String(list)] ?? 'it'} away`, [String(list), index]);
  else if (list === 'conditions' && typeof path[2] === 'number') yield set(undefined, 'Take it away', path.slice(0, 3));
}

const NAMES: Readonly<Record<string, string>> = { entries: 'these entries', vmas: 'the VMA', tables: 'the table' };

/** Mends that need to know where the stretch lies: a VMA around it, or a stretch cut to its VMA. */
function* aroundEntry(s: Scenario, path: Path, p: ScenarioProblem): Generator<Mend> {
  if (path[0] !== 'entries' || typeof path[1] !== 'number') return;
  const e = s.entries[path[1]];
  if (e === undefined) return;
  const [from, to] =
    e.level === 'pmd'
      ? [areaStart(s, e.page), areaStart(s, e.page + e.count - 1) + AREA_PAGES]
      : [e.page, e.page + e.count];
  const around = (title: string, kind: 'anon' | 'special'): Mend => ({
    title,
    scenario: drawVma(s, { start: from, end: to, perms: 'rw-p', kind }),
  });
  if (p.expected === 'a page in a VMA') yield around('Draw an anonymous VMA there', 'anon');
  if (p.expected === 'an anonymous VMA') yield around('Make the VMA anonymous there', 'anon');
  if (p.expected.startsWith('a VMA around the whole')) {
    yield around('Draw an anonymous VMA around the area', 'anon');
    yield { title: 'Map it by PTEs', scenario: withValue(s, ['entries', path[1]], { ...e, level: 'pte' }) };
  }
  const [at, writable] = [s.vmas.findIndex((v) => v.start <= e.page && e.page < v.end), /writable/.test(p.message)];
  const vma = s.vmas[at];
  if (vma !== undefined && writable && vma.perms[1] !== 'w')
    yield {
      title: 'Make the VMA writable',
      scenario: withValue(s, ['vmas', at, 'perms'], `${vma.perms[0]}w${vma.perms.slice(2)}`),
    };
  const later = /^(-?\d+) or more$/.exec(p.expected)?.[1];
  if (later !== undefined && Number(later) < to) {
    const cut = { ...e, page: Number(later), count: to - Number(later) };
    yield { title: `Begin at page ${later}`, scenario: withValue(s, ['entries', path[1]], cut) };
  }
}
