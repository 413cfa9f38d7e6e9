import { loaded } from './player.ts';
import { openScenario, record } from './recorder.ts';
import { type Problem, store } from './store.ts';

/** Files above this size are refused before a byte is read. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

const MiB = (bytes: number): string => `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;

function refuse(title: string, details: readonly string[]): void {
  store.setState({ problem: { title, details: details.slice(0, 12) } satisfies Problem });
}

/** Opens a scenario or a capture from a file; says what is wrong and keeps everything as it was otherwise. */
export async function importFile(file: File): Promise<boolean> {
  if (file.size > MAX_FILE_BYTES) {
    refuse(`${file.name} is too large`, [
      `It has ${MiB(file.size)}; scenarios and captures of up to ${MiB(MAX_FILE_BYTES)} can be read.`,
    ]);
    return false;
  }
  let text: string;
  try {
    text = await file.text();
  } catch (error) {
    refuse(`${file.name} cannot be read`, [error instanceof Error ? error.message : String(error)]);
    return false;
  }
  return importText(text, file.name);
}

/** Opens a scenario, a capture, a recording, or the run that a mail names, from text; `name` is what messages call it. */
export async function importText(text: string, name: string): Promise<boolean> {
  if (text.length > MAX_FILE_BYTES) {
    refuse(`${name} is too large`, [`It has ${MiB(text.length)}; up to ${MiB(MAX_FILE_BYTES)} can be read.`]);
    return false;
  }
  if (text.trim() === '') {
    refuse(`${name} is empty`, [
      'Expected the JSON text of a scenario, a recording or a capture, or the text of a mail.',
    ]);
    return false;
  }
  const { readDocument } = await import('./import-read.ts');
  const read = await readDocument(text, name);
  if ('problem' in read) {
    store.setState({ problem: read.problem });
    return false;
  }
  if ('scenario' in read) {
    const opened = await openScenario(read.scenario);
    if (opened) store.setState({ notes: read.notes, tab: 'scenario' });
    return opened;
  }
  const opened = await record(read.spec, read.step);
  const rec = loaded()?.recording;
  const other = opened && rec !== undefined ? read.check?.(rec) : undefined;
  if (opened) store.setState({ notes: other === undefined ? read.notes : [...read.notes, other] });
  if (other !== undefined) store.setState({ tab: 'scenario', notice: other });
  return opened;
}

/** A mail of Walkscope's own that names a run: that is opened as a run. */
const NAMES_A_RUN = /^[> \t]*(?:Link:.*#\d\/|Scenario:)/m;

/** Text with a hunk in it, or that begins as mails, mboxes and archive pages do. */
export const isMailOrDiff = (text: string): boolean =>
  /^(> ?)*@@ -\d+(,\d+)? \+\d+(,\d+)? @@/m.test(text.slice(0, 200_000)) ||
  (/^(From |From: |Subject: |Received: |Return-Path: |diff --git |\s*(Re: ?)?\[[^\]"]{0,80}(PATCH|RFC))/m.test(
    text.slice(0, 2000),
  ) &&
    !NAMES_A_RUN.test(text));

/** Opens text pasted outside of a field when it looks like a patch, like JSON, or like mail that names a run. */
export async function openPasted(text: string): Promise<boolean> {
  if (isMailOrDiff(text)) {
    const { loadPatch } = await import('./patch/load.ts');
    return loadPatch([{ name: 'the pasted text', content: text }]);
  }
  return /^\s*[[{]/.test(text) || NAMES_A_RUN.test(text) ? importText(text, 'The pasted text') : false;
}

/** Opens what was dropped: mails and diffs as one thread beside the model, anything else as importFile() does. */
export async function openFiles(files: readonly File[]): Promise<boolean> {
  const [first] = files;
  if (first === undefined) return false;
  let head = '';
  try {
    head = await first.slice(0, 200_000).text();
  } catch {
    // importFile says that it cannot be read.
  }
  if (!/\.(mbox|mbx|eml|patch|diff|html?)$/i.test(first.name) && !isMailOrDiff(head)) return importFile(first);
  const { loadPatchFiles } = await import('./patch/load.ts');
  return loadPatchFiles(files);
}
