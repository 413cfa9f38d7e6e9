import type { Binding } from './anchor/bind.ts';
import type { Coverage, SiteCoverage } from './coverage.ts';
import { KIND } from './read/kinds.ts';
import { codeText } from './read/lines.ts';
import type { PatchSet } from './read/types.ts';

/** What a scenario set says about one line of a patch. */
export interface LineCoverage {
  readonly line: number;
  /** names of the sites that stand there */
  readonly sites: readonly string[];
  /** runs that execute one of them */
  readonly runs: number;
  readonly first: SiteCoverage | null;
}

/**
 * Lines that have sites, ascending. A site that stands on several lines says only that one of them was executed; such a
 * line counts as executed with the others (`exit` is left out: a return is executed with what leads to it).
 */
export function coverageByLine(binding: Binding, coverage: Coverage): LineCoverage[] {
  const byLine = new Map<number, { sites: string[]; best: SiteCoverage | null }>();
  for (const b of binding.bound) {
    if (b.name.endsWith(':exit') && b.lines.length > 1) continue;
    const found = coverage.sites.get(b.site) ?? null;
    for (const line of b.lines) {
      const known = byLine.get(line) ?? { sites: [], best: null };
      known.sites.push(b.name);
      if (found !== null && (known.best === null || found.runs > known.best.runs)) known.best = found;
      byLine.set(line, known);
    }
  }
  return [...byLine]
    .map(([line, { sites, best }]) => ({ line, sites, runs: best?.runs ?? 0, first: best }))
    .toSorted((a, b) => a.line - b.line);
}

const WIDTH = 75;

/** Cuts a line of text to the width that mail wants, in ASCII, tabs as single spaces. */
const fit = (text: string, width: number): string => {
  const ascii = text.replace(/\s+/g, ' ').replace(/[^ -~]/g, '?');
  return ascii.length <= width ? ascii : `${ascii.slice(0, width - 3)}...`;
};

/**
 * The coverage as text for a mail: at most 75 columns, ASCII, spaces only. Lines that no run reaches come first.
 */
export function coverageText(set: PatchSet, binding: Binding, coverage: Coverage): string {
  const lines = coverageByLine(binding, coverage);
  const never = lines.filter((l) => l.runs === 0);
  const out = [
    fit(`Lines executed by ${coverage.runs.length} runs of the model (Walkscope)`, WIDTH),
    fit(`${lines.length - never.length} of ${lines.length} lines with a modelled statement are executed.`, WIDTH),
    '',
    'Not executed by any of them (no search was made):',
  ];
  for (const l of never) out.push(...entry(set, l, '     -'));
  if (never.length === 0) out.push('  none');
  out.push('', 'Executed (runs, statement, first run):');
  for (const l of lines)
    if (l.runs > 0) {
      out.push(...entry(set, l, String(l.runs).padStart(6)));
      out.push(fit(`         ${coverage.runs[l.first?.first ?? -1] ?? ''}`, WIDTH).trimEnd());
    }
  return `${out.join('\n')}\n`;
}

function entry(set: PatchSet, l: LineCoverage, count: string): string[] {
  const marker = set.lines.kind[l.line] === KIND.add ? '+' : set.lines.kind[l.line] === KIND.del ? '-' : ' ';
  const code = codeText(set.lines, l.line).trim();
  return [`${count}  ${fit(`${marker} ${code}`, WIDTH - 8)}`, ...wrapped(l.sites)];
}

/** Site names, as many to a line as fit. */
function wrapped(sites: readonly string[]): string[] {
  const out: string[] = [];
  for (const name of sites) {
    const last = out.at(-1);
    if (last !== undefined && last.length + 2 + name.length <= WIDTH) out[out.length - 1] = `${last}, ${name}`;
    else out.push(`         ${name}`);
  }
  return out;
}
