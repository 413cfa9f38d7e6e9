import { coverageText } from '../../patch/line-coverage.ts';
import { isDiffKind } from '../../patch/read/kinds.ts';
import { ownText } from '../../patch/read/lines.ts';
import type { RangeDiff } from '../../patch/range-diff.ts';
import type { PatchSet } from '../../patch/read/types.ts';
import type { Rows } from '../../patch/rows.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { copyText } from '../clipboard.ts';
import { record } from '../recorder.ts';
import { runToSites } from '../run-to.ts';
import { loaded } from '../player.ts';
import { store } from '../store.ts';
import { patchStore } from './state.ts';

const say = (notice: string): void => store.setState({ notice });

/** Makes a line the current one. */
export function goToLine(line: number): void {
  patchStore.setState({ line });
}

/** The line of a row: the right one where two stand side by side. */
export const lineOfRow = (rows: Rows, row: number): number => {
  const right = rows.right[row] ?? -1;
  return right >= 0 ? right : (rows.left[row] ?? -1);
};

/** Goes to the next or previous row of which `fits` is true; says when there is none. */
export function seekRow(rows: Rows, way: 1 | -1, what: string, fits: (line: number) => boolean): void {
  const from = rows.rowOf[patchStore.getState().line] ?? -1;
  for (let row = from + way; row >= 0 && row < rows.count; row += way) {
    const line = lineOfRow(rows, row);
    const left = rows.left[row] ?? -1;
    if (fits(line) || (left >= 0 && fits(left))) {
      goToLine(fits(line) ? line : left);
      return;
    }
  }
  say(`No ${way === 1 ? 'later' : 'earlier'} ${what}.`);
}

/** The line contains what is searched for, whatever the case. */
export function contains(set: PatchSet, query: string): (line: number) => boolean {
  const wanted = query.toLowerCase();
  return (line) => (set.lines.text[line] ?? '').toLowerCase().includes(wanted);
}

/** Runs the recording in place to the next step that executes the line. @returns whether the line has sites. */
export function runToLine(line: number): boolean {
  const patch = patchStore.getState().loaded;
  const recording = loaded()?.recording;
  const sites = patch?.steps.sitesAt(line) ?? [];
  if (patch === null || recording === undefined || sites.length === 0) {
    say('No modelled statement stands on this line.');
    return false;
  }
  const runs = sites.reduce((n, s) => n + (loaded()?.siteCounts[s] ?? 0), 0);
  if (runs === 0) say('This recording does not execute the line.');
  else runToSites(sites, (step) => patch.steps.lineOf(recording, step) === line);
  return true;
}

/** Opens the library's first run that executes a line, at that step. */
export async function openFirstRun(name: string, step: number): Promise<boolean> {
  const { libraryRuns } = await import('../../patch/coverage.ts');
  const run = libraryRuns().find((r) => r.name === name);
  return run === undefined ? false : record(run.spec, step);
}

/** Records a run and says what it shows. */
export async function openRun(spec: RunSpec, what: string): Promise<void> {
  if (await record(spec)) say(what);
}

/** A line as a reply quotes it: message, file and line, then the quotation. */
export function citation(set: PatchSet, line: number): string {
  const message = set.messages[set.lines.message[line] ?? -1];
  const hunk = set.hunks[set.lines.hunk[line] ?? -1];
  const file = set.files[hunk?.file ?? -1];
  const number = set.lines.after[line] || set.lines.before[line] || 0;
  const place = file === undefined ? '' : `${file.path}:${number}${set.lines.after[line] ? '' : ' (before)'}\n`;
  const text = isDiffKind(set.lines.kind[line] ?? 0) ? ownText(set.lines, line) : (set.lines.text[line] ?? '');
  return `${message?.subject ?? ''}\n${place}> ${text}\n`;
}

/** Copies a line for a reply. */
export function copyLine(line: number): void {
  const set = patchStore.getState().loaded?.set;
  if (set !== undefined && line >= 0) void copyText(citation(set, line), 'The line');
}

/** Copies the coverage as text for a mail. */
export function copyCoverage(): void {
  const { loaded: patch, coverage } = patchStore.getState();
  if (patch !== null && coverage !== null)
    void copyText(coverageText(patch.set, patch.binding, coverage), 'The coverage');
}

/** Copies a range-diff as text for a mail. */
export async function copyRangeDiff(diff: RangeDiff): Promise<void> {
  const { rangeDiffText } = await import('../../patch/range-text.ts');
  await copyText(rangeDiffText(diff), 'The range-diff');
}
