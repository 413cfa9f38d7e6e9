import { OP } from '../../machine/ops.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { LANDMARKS, findLandmarks } from '../landmarks.ts';
import { stepSentence } from '../narrate.ts';
import { changesOf } from '../changes.ts';
import { changeText } from '../step-log.ts';
import { stepAmong, stepNumber } from '../step-number.ts';
import { actorName } from '../waits.ts';
import type { Run } from './head.ts';
import { headBlocks } from './head.ts';
import { markdownText, printMarkdown } from './print-markdown.ts';

/*
 * A run as a tour of the kernel's own source, for the CodeTour extension of VS Code. The model knows functions, not line
 * numbers, so a stop names its file and a pattern that the line of the function's definition matches; opened in a kernel
 * tree (with the series applied) it finds its place by itself.
 */

interface TourStop {
  readonly title: string;
  readonly description: string;
  readonly file?: string;
  readonly pattern?: string;
}

/** A tour file (https://aka.ms/codetour-schema). */
export interface CodeTour {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  readonly steps: readonly TourStop[];
}

const MOST_STOPS = 60;
const SHOWN_CHANGES = 6;

/** The line of a C function's definition: it begins in the first column. Sites of folded code keep the name before `(`. */
const definition = (fn: string): string => `^[A-Za-z_][^;=]*\\b${fn}\\(`;

/** True for files of a kernel tree; what the model adds (the person, the checks at the end) has no file. */
const isKernelFile = (file: string): boolean => /^[a-z0-9_]+(\/[\w.-]+)+\.[ch]$/.test(file);

/**
 * The steps worth a stop from `from` to `to`: landmarks and the first call of each function.
 */
function stops(run: Run, from: number, to: number): number[] {
  const { recording: rec } = run;
  const { op, site } = rec.machine.log;
  const marks = findLandmarks(rec);
  const chosen = new Set<number>();
  const seen = new Set<string>();
  for (let i = from; i <= to; i++) {
    const { name } = functionOfSite(site[i] as number);
    if (op[i] === OP.ENTER && !seen.has(name)) {
      seen.add(name);
      chosen.add(i);
    }
  }
  for (const kind of LANDMARKS)
    if (kind !== 'lock') for (const s of marks[kind]) if (s >= from && s <= to) chosen.add(s);
  return [...chosen]
    .toSorted((x, y) => x - y)
    .filter((s) => isKernelFile(functionOfSite(site[s] as number).file))
    .slice(0, MOST_STOPS);
}

/** A tour of the steps from `from` to `to`. */
export async function codeTour(run: Run, from: number, to: number): Promise<CodeTour> {
  const { recording: rec, spec } = run;
  const head = await headBlocks(run, Math.max(from, -1), `${stepNumber(from)}..${stepAmong(to, rec.length)}`);
  const about = spec.scenario.about === undefined ? [] : [{ kind: 'text', text: spec.scenario.about } as const];
  return {
    $schema: 'https://aka.ms/codetour-schema',
    title: spec.scenario.title,
    description: spec.scenario.about ?? spec.scenario.title,
    steps: [
      { title: 'What runs', description: printMarkdown({ title: spec.scenario.title, blocks: [...about, ...head] }) },
      ...stops(run, Math.max(0, from), Math.min(to, rec.length - 1)).map((step): TourStop => {
        const { name, file } = functionOfSite(rec.machine.log.site[step] as number);
        const changes = changesOf(rec, step, SHOWN_CHANGES).map((c) => `* ${markdownText(changeText(c))}`);
        const who = actorName(rec, rec.machine.log.actor[step] as number);
        const says = markdownText(stepSentence(rec, step, 'student'));
        return {
          title: `${stepNumber(step)}: ${name}()`,
          description: [
            `${markdownText(who)}, step ${stepNumber(step)}: ${says}.`,
            ...(changes.length > 0 ? [changes.join('\n')] : []),
          ].join('\n\n'),
          file,
          pattern: definition(name),
        };
      }),
    ],
  };
}
