import { codeTour } from '../recording/export/code-tour.ts';
import { countersCsv } from '../recording/export/csv.ts';
import type { Run } from '../recording/export/head.ts';
import { printMail } from '../recording/export/print-mail.ts';
import { printMarkdown } from '../recording/export/print-markdown.ts';
import { recordingJson } from '../recording/export/recording-json.ts';
import type { Report } from '../recording/export/report.ts';
import { compareReport } from '../recording/export/report-compare.ts';
import { findingReport, runReport, spanReport } from '../recording/export/report-run.ts';
import { citation, stepReport } from '../recording/export/report-step.ts';
import { traceJson } from '../recording/export/trace.ts';
import { runScenario } from '../recording/run.ts';
import { pageAddress } from './address.ts';
import { loaded } from './player.ts';
import { TEXTS, withText } from './routes.ts';
import { store } from './store.ts';

/** What an export is about. */
export type Subject =
  | { readonly of: 'step'; readonly step: number }
  | { readonly of: 'span'; readonly from: number; readonly to: number }
  | { readonly of: 'run' }
  | { readonly of: 'finding'; readonly step: number }
  /** with the same run on another text of the kernel, by its id in routes.ts */
  | { readonly of: 'compare'; readonly text: string };

/** How an export is written. */
export interface Format {
  readonly id: 'mail' | 'markdown' | 'line' | 'recording' | 'trace' | 'csv' | 'tour';
  readonly title: string;
  readonly about: string;
  readonly ending: string;
  readonly type: string;
  readonly of: readonly Subject['of'][];
}

const REPORTS = ['step', 'span', 'run', 'finding', 'compare'] as const;

/** Every format, the first is the one on offer. */
export const FORMATS: readonly Format[] = [
  {
    id: 'mail',
    title: 'Mail',
    about: 'At most 75 columns of ASCII. Pasting the text into this page opens the run again.',
    ending: 'txt',
    type: 'text/plain',
    of: REPORTS,
  },
  {
    id: 'markdown',
    title: 'Markdown',
    about: 'The same for issue trackers and notes.',
    ending: 'md',
    type: 'text/markdown',
    of: REPORTS,
  },
  {
    id: 'line',
    title: 'One line',
    about: 'The step as a citation of at most 75 columns.',
    ending: 'txt',
    type: 'text/plain',
    of: ['step'],
  },
  {
    id: 'recording',
    title: 'Recording (JSON)',
    about: 'What ran, every step and every write, after the published schema. The import dialog opens it.',
    ending: 'recording.json',
    type: 'application/json',
    of: ['run'],
  },
  {
    id: 'trace',
    title: 'Trace (Perfetto, Firefox Profiler)',
    about: 'Calls, locks, landmarks and counters in the Trace Event Format. A millisecond stands for a step.',
    ending: 'trace.json',
    type: 'application/json',
    of: ['run'],
  },
  {
    id: 'csv',
    title: 'Counters (CSV)',
    about: 'A row for every step at which a counter changes.',
    ending: 'csv',
    type: 'text/csv',
    of: ['run'],
  },
  {
    id: 'tour',
    title: 'Tour of the kernel’s source (VS Code)',
    about: 'For the CodeTour extension, opened in a kernel tree: stops at the functions that run.',
    ending: 'tour',
    type: 'application/json',
    of: ['span', 'run'],
  },
];

/** Pages of a request up to which a run is recorded once more for a comparison, here in the page. */
const COMPARE_PAGES = 1024;

function currentRun(): Run {
  const l = loaded();
  if (l === null) throw new Error('There is no recording yet.');
  return { spec: l.spec, recording: l.recording, address: pageAddress() };
}

async function reportOf(run: Run, subject: Subject): Promise<Report> {
  switch (subject.of) {
    case 'step':
      return stepReport(run, subject.step);
    case 'span':
      return spanReport(run, subject.from, subject.to);
    case 'run':
      return runReport(run);
    case 'finding':
      return findingReport(run, subject.step);
    case 'compare':
      return compareReport([run, otherRun(run, subject.text)]);
    default:
      return subject satisfies never;
  }
}

function otherRun(run: Run, id: string): Run {
  const text = TEXTS.find((t) => t.id === id);
  if (text === undefined) throw new Error(`There is no text ${id} of the kernel.`);
  const { start, end } = run.spec.scenario.request;
  if (end - start > COMPARE_PAGES)
    throw new Error(`Requests of up to ${COMPARE_PAGES} pages can be compared here; this one has ${end - start}.`);
  const spec = withText(run.spec, text);
  return { spec, recording: runScenario(spec), address: run.address };
}

/** An export as a file's contents. @throws Error when it cannot be made, with the reason */
export async function exportBlob(format: Format, subject: Subject): Promise<Blob> {
  const run = currentRun();
  const { spec, recording: rec } = run;
  const parts = await partsOf(format.id, run, subject);
  if (rec !== loaded()?.recording) throw new Error(`The recording of “${spec.scenario.title}” is gone.`);
  return new Blob(parts, { type: format.type });
}

async function partsOf(format: Format['id'], run: Run, subject: Subject): Promise<string[]> {
  const { spec, recording: rec } = run;
  switch (format) {
    case 'mail':
      return [printMail(await reportOf(run, subject))];
    case 'markdown':
      return [printMarkdown(await reportOf(run, subject))];
    case 'line':
      return [`${citation(run, subject.of === 'step' ? subject.step : store.getState().step)}\n`];
    case 'recording':
      return [...recordingJson(rec, spec, store.getState().step)];
    case 'trace':
      return [...traceJson(rec, spec)];
    case 'csv':
      return [...countersCsv(rec)];
    case 'tour': {
      const [from, to] = subject.of === 'span' ? [subject.from, subject.to] : [0, rec.length - 1];
      return [`${JSON.stringify(await codeTour(run, from, to), null, 1)}\n`];
    }
    default:
      return [format satisfies never];
  }
}

/** Name of the file: scenario, what of it, ending of the format. */
export function exportName(format: Format, subject: Subject): string {
  const id = (loaded()?.spec.scenario.id ?? 'run').replace(/[^\w-]/g, '_');
  const what =
    subject.of === 'span'
      ? `-${subject.from + 1}-${subject.to + 1}`
      : subject.of === 'step' || subject.of === 'finding'
        ? `-${subject.step + 1}`
        : subject.of === 'compare'
          ? `-vs-${subject.text}`
          : '';
  return `${id}${what}.${format.ending}`;
}
