import { Machine } from '../machine/machine.ts';
import type { HmmEncodingId } from '../machine/words/hmm-pfn.ts';
import type { RunSpec } from '../scenario/types.ts';
import { type Checkpoints, checkpoints } from './counters.ts';
import { depthTable } from './depths.ts';
import { type Facts, facts } from './facts.ts';
import { type Landmarks, landmarkTable } from './landmarks.ts';
import { type LockIntervals, lockTable } from './locks.ts';
import { siteCountTable } from './site-counts.ts';
import { type NameTable, nameTable } from './names.ts';
import { Recording, type RunEnd } from './recording.ts';
import type { Choices } from './schedule.ts';
import { type Snapshots, makeSnapshots } from './snapshots.ts';
import { type RuleFinding, ruleFindings } from './rule-findings.ts';
import { type CallSpans, spanTable } from './spans.ts';
import { type LayoutTurns, turnTable } from './word-layout.ts';

/** A recording as plain data for postMessage: all bulk lies in the typed arrays, which are moved, not copied. */
export interface RecordingTransfer {
  readonly end: RunEnd;
  readonly actors: readonly string[];
  readonly origin: number;
  readonly hmm: HmmEncodingId;
  readonly choices: Choices;
  readonly basePage: number;
  readonly position: number;
  /** step log columns: site, op, actor, depth, delta, a, b, c */
  readonly site: Uint16Array;
  readonly op: Uint8Array;
  readonly actor: Uint8Array;
  readonly depth: Uint8Array;
  readonly delta: Uint32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
  /** journal columns */
  readonly loc: Uint32Array;
  readonly old: Int32Array;
  readonly neu: Int32Array;
  /** cells of each bank by bank id; null where there is no such bank */
  readonly banks: readonly (Int32Array | null)[];
  /** what the readers ask of a whole recording, worked out by the thread that made it */
  readonly facts: Facts;
  readonly names: NameTable;
  readonly locks: LockIntervals;
  readonly spans: CallSpans;
  readonly counters: Checkpoints;
  readonly snapshots: Snapshots | null;
  readonly landmarks: Landmarks;
  readonly siteCounts: Uint32Array;
  readonly depths: readonly Uint8Array[];
  readonly turns: LayoutTurns;
  /** what the rules found; null = they were not read over it */
  readonly ruleFindings: readonly RuleFinding[] | null;
}

/**
 * Packs a recording for another thread. Nothing is copied: columns are views of their used part, and what lies behind
 * it was never touched. The recording itself must not be used any more once the list has been transferred.
 */
export function toTransfer(rec: Recording): { data: RecordingTransfer; transferList: ArrayBuffer[] } {
  const { log, journal } = rec.machine;
  const n = log.length;
  const rows = journal.length;
  const data: RecordingTransfer = {
    end: rec.end,
    actors: [...rec.actors],
    origin: rec.origin,
    hmm: rec.enc.id,
    choices: rec.choices,
    basePage: rec.machine.basePage,
    position: rec.position,
    site: log.site.subarray(0, n),
    op: log.op.subarray(0, n),
    actor: log.actor.subarray(0, n),
    depth: log.depth.subarray(0, n),
    delta: log.delta.subarray(0, n),
    a: log.a.subarray(0, n),
    b: log.b.subarray(0, n),
    c: log.c.subarray(0, n),
    loc: journal.loc.subarray(0, rows),
    old: journal.old.subarray(0, rows),
    neu: journal.neu.subarray(0, rows),
    banks: Array.from(rec.machine.banks(), (bank) => bank?.cells ?? null),
    facts: facts.of(rec),
    names: nameTable.of(rec),
    locks: lockTable.of(rec),
    spans: spanTable.of(rec),
    counters: checkpoints.of(rec),
    snapshots: rec.snapshots ?? makeSnapshots(rec),
    landmarks: landmarkTable.of(rec),
    siteCounts: siteCountTable.of(rec),
    depths: depthTable.of(rec),
    turns: turnTable.of(rec),
    ruleFindings: ruleFindings.has(rec) ? ruleFindings.of(rec) : null,
  };
  return { data, transferList: [...buffersOf(data)] };
}

/** Every buffer in a tree of plain objects, arrays and typed arrays, each once. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) buffersOf(part, found);
  return found;
}

/** The recording on the receiving side; it takes over the arrays of `data`. */
export function fromTransfer(data: RecordingTransfer): Recording {
  const m = new Machine(data.basePage);
  const { log, journal } = m;
  log.site = data.site as typeof log.site;
  log.op = data.op as typeof log.op;
  log.actor = data.actor as typeof log.actor;
  log.depth = data.depth as typeof log.depth;
  log.delta = data.delta as typeof log.delta;
  log.a = data.a as typeof log.a;
  log.b = data.b as typeof log.b;
  log.c = data.c as typeof log.c;
  log.length = data.site.length;
  journal.loc = data.loc as typeof journal.loc;
  journal.old = data.old as typeof journal.old;
  journal.neu = data.neu as typeof journal.neu;
  journal.length = data.loc.length;
  data.banks.forEach((cells, id) => {
    const bank = m.banks()[id];
    if (bank && cells) bank.cells = cells;
  });
  const rec = new Recording(m, data.end, data.actors, data, data.position);
  facts.put(rec, data.facts);
  nameTable.put(rec, data.names);
  lockTable.put(rec, data.locks);
  spanTable.put(rec, data.spans);
  checkpoints.put(rec, data.counters);
  rec.snapshots = data.snapshots;
  landmarkTable.put(rec, data.landmarks);
  siteCountTable.put(rec, data.siteCounts);
  depthTable.put(rec, data.depths);
  turnTable.put(rec, data.turns);
  if (data.ruleFindings !== null) ruleFindings.put(rec, data.ruleFindings);
  return rec;
}

/** What the page asks of the recorder worker. */
export interface RecorderRequest {
  readonly spec: RunSpec;
}

/** What the recorder worker says: how many steps it has recorded so far; at last the recording, or why there is none. */
export type RecorderReply =
  | { readonly kind: 'progress'; readonly steps: number }
  | { readonly kind: 'done'; readonly data: RecordingTransfer }
  | { readonly kind: 'failed'; readonly message: string };
