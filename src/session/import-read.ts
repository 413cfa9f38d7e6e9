import { parseCapture } from '../scenario/capture/parse-capture.ts';
import { parseJson, parseScenario } from '../scenario/parse.ts';
import type { Scenario } from '../scenario/types.ts';
import { problemLines } from './link-sync.ts';
import type { Problem } from './store.ts';

/** `notes`: what was chosen, inferred and left out on the way to the scenario. */
export type ReadDocument =
  | { readonly scenario: Scenario; readonly notes: readonly string[] }
  | { readonly problem: Problem };

const FORMATS = 'Expected "walkscope-scenario" (a scenario) or "walkscope-capture" (the memory of a process).';

/** Reads a scenario or a capture from JSON text; a problem names the place and what was expected. */
export function readDocument(text: string, name: string): ReadDocument {
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
  const found =
    format === undefined ? 'It has no field "format".' : `Its format is ${JSON.stringify(format).slice(0, 60)}.`;
  return { problem: { title: `${name} is neither a scenario nor a capture`, details: [found, FORMATS] } };
}
