import { STRUCTS } from '../kernel/structs.ts';
import { BANK } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { functionOfSite } from '../machine/sites.ts';
import { structCell, structName } from './cells.ts';
import { factsOf } from './facts.ts';
import { formatValue } from './format.ts';
import type { Recording } from './recording.ts';
import { type CallSpans, callSpans, spanAt } from './spans.ts';
import { siteTemplate } from './template.ts';
import { valueAt } from './writers.ts';

/** A local variable or a field of a struct of the running code. */
export interface Local {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  /** step that showed the value; of a struct field the step asked about */
  readonly step: number;
}

/** One call on the stack. */
export interface Frame {
  /** row in callSpans() */
  readonly span: number;
  readonly fn: string;
  /** kernel source file */
  readonly file: string;
  /** statement at which the call stands */
  readonly site: number;
  readonly depth: number;
  readonly locals: readonly Local[];
}

/** Steps of its own that are read back for a frame's locals. */
const LOOK_BACK = 512;

/** True for the ops whose operands are those that the site's text names; the others have their own. */
export function operandsAreTheSites(op: number): boolean {
  return op === OP.AT || op === OP.ENTER || op === OP.USER;
}

/**
 * The call stack at a step, outermost call first. Locals are the named operands of the frame's own steps so far,
 * latest value each. The recording is not moved.
 * @param actor whose stack; the actor of the step when left out
 */
export function stackAt(
  rec: Recording,
  step: number,
  actor = rec.machine.log.actor[Math.max(0, step)] as number,
): Frame[] {
  const x = callSpans(rec);
  const frames: Frame[] = [];
  let last = step;
  for (let span = spanAt(x, step, actor); span >= 0; span = x.parent[span] as number) {
    const own = ownSteps(rec, x, span, last);
    const site = own[0] === undefined ? (x.site[span] as number) : (rec.machine.log.site[own[0]] as number);
    const fn = functionOfSite(x.site[span] as number);
    frames.push({ span, fn: fn.name, file: fn.file, site, depth: x.depth[span] as number, locals: localsOf(rec, own) });
    last = (x.from[span] as number) - 1;
  }
  return frames.toReversed();
}

/** The frame's own steps from `last` back to its ENTER, latest first; calls it made are jumped over. */
function ownSteps(rec: Recording, x: CallSpans, span: number, last: number): number[] {
  const { actor, depth } = rec.machine.log;
  const who = x.actor[span] as number;
  const d = x.depth[span] as number;
  const first = x.from[span] as number;
  const steps: number[] = [];
  for (let i = last, tries = 0; i > first && steps.length < LOOK_BACK && tries < 4 * LOOK_BACK; tries++) {
    if (actor[i] === who && depth[i] === d) steps.push(i--);
    else if (actor[i] !== who) i--;
    else i = startOfCall(x, i, who, d) - 1;
  }
  steps.push(first);
  return steps;
}

/** ENTER step of the call at depth d + 1 in which step i lies. */
function startOfCall(x: CallSpans, i: number, actor: number, d: number): number {
  let row = spanAt(x, i, actor);
  while (row >= 0 && (x.depth[row] as number) > d + 1) row = x.parent[row] as number;
  return row < 0 ? i : (x.from[row] as number);
}

function localsOf(rec: Recording, own: readonly number[]): Local[] {
  const { log } = rec.machine;
  const found = new Map<string, Local>();
  for (const i of own) {
    if (!operandsAreTheSites(log.op[i] as number)) continue;
    for (const piece of siteTemplate(log.site[i] as number).toReversed()) {
      if ('text' in piece || piece.local === '' || found.has(piece.local)) continue;
      const value = log[piece.operand][i] as number;
      found.set(piece.local, { name: piece.local, value, text: formatValue(rec, piece.format, value, i), step: i });
    }
  }
  return [...found.values()].toReversed();
}

/** A C struct of the running code and its fields. */
export interface StructView {
  readonly name: string;
  readonly id: number;
  readonly fields: readonly Local[];
}

/**
 * The structs that the code of a step works on: the latest hmm_range, migrate_vma, hmm_vma_walk and
 * mmu_notifier_range that the actor has made so far, with their fields as they are after the step.
 * The recording is not moved.
 */
export function structsAt(
  rec: Recording,
  step: number,
  actor = rec.machine.log.actor[Math.max(0, step)] as number,
): StructView[] {
  const { objStart, objStep } = factsOf(rec);
  const latest = new Map<string, StructView>();
  for (let i = objStart.length - 1; i >= 0; i--) {
    const made = objStep[i] as number;
    if (made > step || (made >= 0 && rec.machine.log.actor[made] !== actor)) continue;
    const id = objStart[i] as number;
    const name = structName(rec, id);
    if (!latest.has(name)) latest.set(name, { name, id, fields: structFields(rec, id, step) });
    if (latest.size === STRUCT_KINDS) break;
  }
  return [...latest.values()].toReversed();
}

/** The fields of a struct after a step; empty when there is none with that id. */
export function structFields(rec: Recording, id: number, step: number): Local[] {
  const cell = structCell(rec, id);
  if (!cell || cell.id !== id) return [];
  return cell.layout.fields.flatMap((field, at) => {
    if (!field) return [];
    const value = valueAt(rec, BANK.OBJ, id + at, step);
    return [{ name: field.name, value, text: formatValue(rec, field.format, value, step), step }];
  });
}

const STRUCT_KINDS = Object.keys(STRUCTS).length;
