import { OP } from '../../machine/ops.ts';
import { allSites } from '../../machine/sites.ts';
import type { Recording } from '../../recording/recording.ts';
import { callSpans, spanAt } from '../../recording/spans.ts';

/** The text of the model, as it runs: the bundler takes it from the very files. Loaded with the code pane, not before. */
const TEXTS = import.meta.glob<string>(
  ['../../kernel/**/*.ts', '../../recording/run.ts', '../../recording/process.ts', '../../recording/rival.ts'],
  { query: '?raw', import: 'default', eager: true },
);

export interface SourceFile {
  /** path from the repository's root */
  readonly path: string;
  readonly lines: readonly string[];
  /** characters of the longest line */
  readonly widest: number;
  /** site ids used on each line, by line index */
  readonly sitesOfLine: ReadonlyMap<number, readonly number[]>;
}

export interface Place {
  readonly file: SourceFile;
  /** 0-based */
  readonly line: number;
}

interface Found {
  readonly file: SourceFile;
  /** lines that name the site, ascending */
  readonly lines: readonly number[];
}

const index = new Map<number, Found>();
const DECLARATION = /const (\w+) = sites\(\s*'(\w+)'/g;

function build(): void {
  const ids = new Map(allSites().map((s) => [`${s.fn}:${s.label}`, s.id]));
  for (const [name, text] of Object.entries(TEXTS)) {
    const lines = text.split('\n');
    const fnOf = new Map<string, string>();
    for (const [, constant, fn] of text.matchAll(DECLARATION)) fnOf.set(constant as string, fn as string);
    if (fnOf.size === 0) continue;
    const use = new RegExp(`\\b(${[...fnOf.keys()].join('|')})\\.(\\w+)`, 'g');
    const sitesOfLine = new Map<number, number[]>();
    const linesOfSite = new Map<number, number[]>();
    lines.forEach((line, i) => {
      for (const use1 of line.matchAll(use)) {
        const [, constant, label] = use1;
        const id = ids.get(`${fnOf.get(constant as string)}:${label}`);
        if (id === undefined) continue;
        const at = callLine(lines, i, use1.index);
        (sitesOfLine.get(at) ?? sitesOfLine.set(at, []).get(at))?.push(id);
        const of = linesOfSite.get(id) ?? [];
        if (of.at(-1) !== at) of.push(at);
        linesOfSite.set(id, of);
      }
    });
    for (const declaration of text.matchAll(DECLARATION)) declaredLines(lines, text, declaration, ids, linesOfSite);
    const file: SourceFile = {
      path: name.replace(/^(\.\.\/)+/, 'src/'),
      lines,
      widest: Math.max(...lines.map((l) => l.length)),
      sitesOfLine,
    };
    for (const [id, at] of linesOfSite) index.set(id, { file, lines: at });
  }
}

/**
 * A site that is used only through another name (`const S = write ? WRITE : READ`) stands at its own
 * declaration: there is its text.
 */
function declaredLines(
  lines: readonly string[],
  text: string,
  declaration: RegExpExecArray,
  ids: ReadonlyMap<string, number>,
  linesOfSite: Map<number, number[]>,
): void {
  const first = text.slice(0, declaration.index).split('\n').length - 1;
  for (let i = first; i < lines.length; i++) {
    const line = lines[i] as string;
    for (const [, label] of line.matchAll(/\b(\w+):/g)) {
      const id = ids.get(`${declaration[2]}:${label}`);
      if (id !== undefined && !linesOfSite.has(id)) linesOfSite.set(id, [i]);
    }
    if (line.includes('});')) return;
  }
}

/** The line on which the call begins whose argument stands at a place: calls are often broken over several lines. */
function callLine(lines: readonly string[], line: number, column: number): number {
  let open = 0;
  for (let i = line; i >= Math.max(0, line - 12); i--) {
    const text = lines[i] as string;
    for (let c = i === line ? column - 1 : text.length - 1; c >= 0; c--) {
      if (text[c] === ')') open++;
      else if (text[c] === '(' && open-- === 0) return i;
    }
  }
  return line;
}

/** Lines that a statement beginning on a line takes: until its brackets are closed. */
export function linesOfCall(lines: readonly string[], line: number): number {
  let open = 0;
  for (let i = line; i < Math.min(lines.length, line + 12); i++) {
    for (const c of lines[i] as string) open += c === '(' ? 1 : c === ')' ? -1 : 0;
    if (open <= 0) return i - line + 1;
  }
  return 1;
}

/** How the call on a line that records an op of this kind begins. */
const CALL: Partial<Record<number, RegExp>> = {
  [OP.ENTER]: /\benter\(/,
  [OP.EXIT]: /\bexit\(/,
  [OP.AT]: /\bat\(/,
};
const NOT_PRIMITIVE = /\b(enter|exit|at)\(/;

/** Earlier steps of the frame that may be asked when a line is not the only one. */
const FURTHER = 8;

/** Steps and calls that the search for the frame's previous line looks at. */
const NEAR = 4096;

/**
 * The line of the model that a step ran. A site may stand on several lines (a return value given in
 * two places): then the line that makes this kind of step, at or after the frame's previous line.
 */
export function placeOfStep(rec: Recording, step: number): Place | null {
  return lookUp(rec, step, FURTHER);
}

function lookUp(rec: Recording, step: number, further: number): Place | null {
  if (step < 0) return null;
  if (index.size === 0) build();
  const { site, op } = rec.machine.log;
  const found = index.get(site[step] as number);
  if (found === undefined) return null;
  if (found.lines.length === 1) return { file: found.file, line: found.lines[0] as number };
  const call = CALL[op[step] as number];
  const fits = found.lines.filter((l) => {
    const text = found.file.lines[l] as string;
    return call === undefined ? !NOT_PRIMITIVE.test(text) : call.test(text);
  });
  const candidates = fits.length > 0 ? fits : found.lines;
  if (candidates.length === 1 || further === 0) return { file: found.file, line: candidates[0] as number };
  const before = previousInFrame(rec, step);
  const prev = before < 0 ? null : lookUp(rec, before, further - 1);
  const line = prev !== null && prev.file === found.file ? candidates.find((l) => l >= prev.line) : undefined;
  return { file: found.file, line: line ?? (candidates[0] as number) };
}

/** The frame's own step before this one; calls that it made in between are jumped over. -1 = there is none. */
function previousInFrame(rec: Recording, step: number): number {
  const { actor, depth } = rec.machine.log;
  const who = actor[step] as number;
  const level = depth[step] as number;
  const calls = callSpans(rec);
  for (let i = step - 1, tries = 0; i >= 0 && tries < NEAR; tries++) {
    const d = depth[i] as number;
    if (actor[i] !== who) i--;
    else if (d === level) return i;
    else if (d < level) return -1;
    else {
      let row = spanAt(calls, i, who);
      while (row >= 0 && (calls.depth[row] as number) > level + 1) row = calls.parent[row] as number;
      i = (row < 0 ? i : (calls.from[row] as number)) - 1;
    }
  }
  return -1;
}
