import { KIND } from './kinds.ts';
import type { LineTable } from './lines.ts';
import type { FileDiff, Hunk, Message, PatchProblem } from './types.ts';

const STAT = /^\s?(\S[^|]{0,200}?)\s*\|\s+(\d{1,9})\s?[+-]*$/;

/** What mail programs and archives have done to the diffs, file by file: lost tabs, lost lines. */
export function damages(
  table: LineTable,
  files: readonly FileDiff[],
  hunks: readonly Hunk[],
  messages: readonly Message[],
): PatchProblem[] {
  const out: PatchProblem[] = [];
  const stat = announced(table, messages);
  const indented = new Map<number, { spaces: number; tabs: number }>();
  for (const h of hunks) {
    const count = indented.get(h.file) ?? { spaces: 0, tabs: 0 };
    for (const i of h.lines) {
      const c = table.own(i).slice(1, 3);
      if (c.startsWith('\t')) count.tabs++;
      else if (/^[ \u00a0]/.test(c) && /[;{,)]$/.test(table.own(i).slice(0, 300))) count.spaces++;
    }
    indented.set(h.file, count);
  }
  for (const f of files) {
    if (f.quoted) continue;
    const { spaces, tabs } = indented.get(f.index) ?? { spaces: 0, tabs: 0 };
    if (/\.[chS]$/.test(f.path) && tabs === 0 && spaces > 0)
      out.push(damage(f, `${f.path}: the tabs have become spaces; the patch can be read, not applied`));
    const said = stat.get(`${f.message} ${f.path}`);
    const is = f.added + f.removed;
    if (said !== undefined && said !== is)
      out.push(damage(f, `${f.path}: the diffstat counts ${said} changed lines, the diff has ${is}`));
  }
  return out;
}

const damage = (f: FileDiff, what: string): PatchProblem => ({
  severity: 'damaged',
  message: f.message,
  line: f.line,
  what,
});

/** The diffstat of each message: changed lines by message and path. */
function announced(table: LineTable, messages: readonly Message[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const m of messages)
    for (let i = m.body; i < m.to; i++) {
      if (table.kind[i] !== KIND.diffstat && table.kind[i] !== KIND.quote) continue;
      const found = STAT.exec(table.own(i).slice(0, 400));
      if (found) out.set(`${m.index} ${found[1]}`, Number(found[2]));
    }
  return out;
}
