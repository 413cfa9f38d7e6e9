import { encodeLink } from '../../scenario/link.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { fingerprint } from '../hash.ts';
import type { Recording } from '../recording.ts';
import type { Block } from './report.ts';
import { TOOL } from './tool.ts';

/** A run that something is said about, and where the page that shows it lies ('' = not known: links are fragments). */
export interface Run {
  readonly spec: RunSpec;
  readonly recording: Recording;
  readonly address: string;
}

/** How the empty schedule is written, so that the line is not taken for one that has none. */
export const EMPTY_SCHEDULE = '(empty)';

/** Stands in a line whose value is too long for one: without the link the run cannot be had again. */
export const IN_LINK = '(in the link)';

/** `unified, v2 + R-07` */
export function textName(spec: RunSpec): string {
  const kernel = spec.kernel === undefined || spec.kernel === 'v2' ? spec.revision : spec.kernel;
  const fixes = spec.fixes !== undefined && spec.fixes.length > 0 ? ` + ${spec.fixes.join(', ')}` : '';
  const schedule = spec.schedule === undefined ? '' : `, schedule ${spec.schedule || EMPTY_SCHEDULE}`;
  return `${spec.strategy}, ${kernel}${fixes}${schedule}`;
}

/**
 * What every report begins with: the tool and its version, what ran, and one link that reopens it. The kernel's
 * researcher guidelines ask for the tool, the method, the version of the code and how the problem is reached.
 * @param step where the link leads
 * @param steps which steps the report is about, in words
 */
export async function headBlocks(run: Run, step: number, steps: string): Promise<readonly Block[]> {
  const { spec, recording } = run;
  const fragment = await encodeLink({ spec, step });
  const operations = /\/o=([^/]+)/.exec(fragment)?.[1];
  const rows: (readonly [string, string])[] = [
    ['Found with', `${TOOL.name} ${TOOL.version} (a model of the code; no kernel was run)`],
    ['Scenario', fragment.startsWith('#1/~') ? `${spec.scenario.id} ${IN_LINK}` : spec.scenario.id],
    ['Strategy', spec.strategy],
    ...(spec.kernel === undefined ? [] : [['Kernel', spec.kernel] as const]),
    ['Revision', spec.revision],
    ...(spec.fixes === undefined || spec.fixes.length === 0 ? [] : [['Fixes', spec.fixes.join(',')] as const]),
    ...(operations === undefined ? [] : [['Operations', operations.startsWith('~') ? IN_LINK : operations] as const]),
    ...(spec.schedule === undefined ? [] : [['Schedule', spec.schedule || EMPTY_SCHEDULE] as const]),
    ['Steps', steps],
    ['Recording', `${fingerprint(recording)}, ended: ${recording.end}`],
  ];
  return [
    { kind: 'fields', rows },
    { kind: 'link', address: run.address, fragment },
  ];
}
