import { parseCapture } from '../scenario/capture/parse-capture.ts';
import { looksLikeMail, readMail } from '../recording/export/read-mail.ts';
import { differenceFrom, parseRecording } from '../recording/export/recording-json.ts';
import type { Recording } from '../recording/recording.ts';
import { parseJson, parseScenario } from '../scenario/parse.ts';
import type { RunSpec, Scenario } from '../scenario/types.ts';
import { problemLines } from './problem-lines.ts';
import type { Problem } from './store.ts';

/**
 * A scenario, or a whole run and the step to stand at. `notes`: what was chosen, inferred and left out on the way;
 * `check` looks at the recording and gives what else is to be said.
 */
export type ReadDocument =
  | { readonly scenario: Scenario; readonly notes: readonly string[] }
  | {
      readonly spec: RunSpec;
      readonly step: number | undefined;
      readonly notes: readonly string[];
      readonly check?: (rec: Recording) => string | undefined;
    }
  | { readonly problem: Problem };

const FORMATS =
  'Expected "walkscope-scenario" (a scenario), "walkscope-recording" (a run) or "walkscope-capture" (the memory of a process).';

/**
 * Reads a scenario, a capture or a recording from JSON text, or a run from the text of a mail; a problem names the place
 * and what was expected.
 */
export async function readDocument(text: string, name: string): Promise<ReadDocument> {
  if (!/^\s*[[{]/.test(text) && looksLikeMail(text)) {
    const read = await readMail(text);
    return read.error === undefined
      ? { spec: read.ok.spec, step: read.ok.step, notes: ['The run and the step are those that the text names.'] }
      : { problem: { title: `${name} names no run that can be opened`, details: problemLines(read.error) } };
  }
  const json = parseJson(text);
  if (json.error !== undefined) {
    // Reading it as a capture tells text of /proc and a capture that was cut off from any other text.
    const why = parseCapture(text).error ?? json.error;
    return { problem: { title: `${name} is not JSON`, details: problemLines(why) } };
  }
  const format = typeof json.ok === 'object' && json.ok !== null && 'format' in json.ok ? json.ok.format : undefined;
  if (format === 'walkscope-scenario') {
    const read = parseScenario(json.ok);
    return read.error === undefined
      ? { scenario: read.ok, notes: [] }
      : { problem: { title: `${name} is not a scenario that can be`, details: problemLines(read.error) } };
  }
  if (format === 'walkscope-capture') {
    const read = parseCapture(json.ok);
    return read.error === undefined
      ? { scenario: read.scenario, notes: read.notes }
      : { problem: { title: `${name} is not a capture that can be walked`, details: problemLines(read.error) } };
  }
  if (format === 'walkscope-recording') {
    const read = parseRecording(json.ok);
    if (read.error !== undefined)
      return { problem: { title: `${name} is not a recording that can be`, details: problemLines(read.error) } };
    const file = read.ok;
    return { spec: file.spec, step: file.step, notes: [], check: (rec) => differenceFrom(file, rec) };
  }
  const found =
    format === undefined ? 'It has no field "format".' : `Its format is ${JSON.stringify(format).slice(0, 60)}.`;
  return { problem: { title: `${name} is no scenario, recording or capture`, details: [found, FORMATS] } };
}
