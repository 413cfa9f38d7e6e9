import { OP } from '../../machine/ops.ts';
import { allSites, functionOfSite } from '../../machine/sites.ts';
import type { Recording } from '../../recording/recording.ts';
import { LANDMARKS, type Landmark } from '../../recording/landmarks.ts';
import type { Loaded } from '../../session/player.ts';
import { indexAbove } from '../../recording/ascending.ts';

/** What the step log shows: every step, the calls, or one kind of landmark. */
export type LogKind = 'all' | 'calls' | Landmark;
export const LOG_KINDS: readonly LogKind[] = ['all', 'calls', ...LANDMARKS];

/** Steps that pass the filter, ascending; null = all of them. `text` is looked for in function, label and statement. */
export function filterLog(loaded: Loaded, kind: LogKind, text: string): Int32Array | null {
  const rec = loaded.recording;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const base = kind === 'all' ? null : kind === 'calls' ? calls(rec) : loaded.landmarks[kind];
  if (words.length === 0) return base;
  const mask = new Uint8Array(1 << 16);
  for (const s of allSites()) {
    const hay = `${s.fn} ${functionOfSite(s.id).file} ${s.label} ${s.text}`.toLowerCase();
    if (words.every((w) => hay.includes(w))) mask[s.id] = 1;
  }
  const { site } = rec.machine.log;
  const out: number[] = [];
  if (base === null) {
    for (let i = 0; i < rec.length; i++) if (mask[site[i] as number] === 1) out.push(i);
  } else for (const i of base) if (mask[site[i] as number] === 1) out.push(i);
  return Int32Array.from(out);
}

function calls(rec: Recording): Int32Array {
  const { op } = rec.machine.log;
  const out: number[] = [];
  for (let i = 0; i < rec.length; i++) if (op[i] === OP.ENTER || op[i] === OP.EXIT) out.push(i);
  return Int32Array.from(out);
}

/** Row of the last listed step that is not after `step`; -1 when there is none. */
export function rowOfStep(list: Int32Array | null, step: number): number {
  return list === null ? step : indexAbove(list, step) - 1;
}
