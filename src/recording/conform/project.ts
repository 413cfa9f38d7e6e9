import { EVENT } from '../../kernel/structs.ts';
import { LOC_BANK_SHIFT } from '../../machine/journal.ts';
import { BANK, F, F_STRIDE, PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { functionOfSite } from '../../machine/sites.ts';
import type { Recording } from '../recording.ts';
import { deviceTable } from './device-table.ts';
import { AT_ENTRY, AT_EXIT } from './dump-points.ts';
import type { GoldenEvent } from './golden-format.ts';
import { type Frame, LOGGED } from './project-functions.ts';
import { LOCK_NOT_LOGGED, LOGGED_STEPS, eventName } from './project-steps.ts';
import type { View } from './view.ts';

/** A recording in the form of a measured log. */
export interface Projection {
  /** events of each actor, in order; actor 0 is the main thread */
  readonly events: readonly (readonly ProjectedEvent[])[];
  /** walk_page_range() calls, and those of the main thread outside of a device fault */
  readonly walks: number;
  readonly walksOuter: number;
  /** last step at which a page frame was given back to its allocator */
  readonly freedAt: ReadonlyMap<number, number>;
  /** the asking device's own page table at the end of the main thread's last ioctl */
  readonly deviceTable: readonly GoldenEvent[];
  /** steps at which a folio (by its first frame) was put into a per-CPU LRU batch */
  readonly queuedAt: ReadonlyMap<number, readonly number[]>;
  /** steps that emptied the batch */
  readonly drains: readonly number[];
}

export interface ProjectedEvent {
  readonly step: number;
  readonly event: GoldenEvent;
}

/** Journal locations of the folio bank. */
const CELLS_OF_BANK = 1 << LOC_BANK_SHIFT;
const FIRST_FOLIO_CELL = BANK.FOLIO * CELLS_OF_BANK;

const STUDIED = new Set(['mm/hmm.c', 'mm/migrate_device.c']);

/** The measuring module's one function stands for three of the model. */
const MEASURED_NAME: Readonly<Record<string, string>> = { gt_ioctl_fault: 'gt_ioctl', gt_ioctl_migrate: 'gt_ioctl' };

/**
 * Walks a recording forward, step by step, and writes down what the measuring kernel would have logged.
 * @param device the device that asks
 */
export function projectRecording(recording: Recording, view: View, device: number): Projection {
  const projector = new Projector(recording, view, device);
  for (let i = 0; i < recording.length; i++) projector.step(i);
  return projector;
}

class Projector implements Projection {
  readonly events: ProjectedEvent[][];
  readonly freedAt = new Map<number, number>();
  readonly queuedAt = new Map<number, number[]>();
  readonly drains: number[] = [];
  deviceTable: readonly GoldenEvent[] = [];
  walks = 0;
  walksOuter = 0;
  private readonly device: number;
  private readonly recording: Recording;
  private readonly v: View;
  private readonly frames: Frame[][];
  private at = 0;

  constructor(recording: Recording, view: View, device: number) {
    this.device = device;
    this.recording = recording;
    this.v = view;
    this.events = recording.actors.map(() => []);
    this.frames = recording.actors.map(() => []);
  }

  step(i: number): void {
    const { log } = this.v.m;
    const op = log.op[i] as number;
    const actor = log.actor[i] as number;
    const a = log.a[i] as number;
    const b = log.b[i] as number;
    const c = log.c[i] as number;
    const site = log.site[i] as number;
    this.at = i;
    this.noteBatch(i, op);
    if (op === OP.ENTER) this.enter(actor, site, a, b, c, i);
    else if (op === OP.EXIT) this.exit(actor, a, b, c, i);
    else this.primitive(actor, site, op, a, b, c, i);
  }

  private emit(actor: number, event: GoldenEvent): void {
    (this.events[actor] as ProjectedEvent[]).push({ step: this.at, event });
  }

  private enter(actor: number, site: number, a: number, b: number, c: number, i: number): void {
    const { name: own, file } = functionOfSite(site);
    const name = MEASURED_NAME[own] ?? own;
    const stack = this.frames[actor] as Frame[];
    const caller = stack.at(-1);
    this.recording.seek(i);
    const old = name === 'set_pmd_migration_entry' ? this.v.pmdAt(a) : '';
    stack.push({ fn: name, file, a, b, c, walks: 0, old });
    if (caller?.fn === 'gt_ioctl' && name === 'hmm_range_fault') caller.walks++;
    if (!this.isLogged(name, caller)) return;
    if (name === 'mmu_notifier_invalidate_range_start') {
      this.emit(actor, {
        e: '>',
        f: 'notifier_range_start',
        event: eventName(a),
        start: this.v.page(b),
        end: this.v.page(c),
        owner: this.ownerOf(i),
      });
      return;
    }
    const logged = LOGGED[name];
    if (!logged) return;
    if (name === 'walk_page_range') this.countWalk(actor, stack);
    this.emit(actor, { e: '>', f: name, ...logged.enter(this.v, a, b, c, caller) });
    for (const point of AT_ENTRY[name] ?? []) for (const event of point(this.v, a)) this.emit(actor, event);
  }

  private exit(actor: number, a: number, b: number, c: number, i: number): void {
    // The caller's writes before its next step belong to the exit's step: look at the state before it.
    this.recording.seek(i - 1);
    const stack = this.frames[actor] as Frame[];
    const frame = stack.pop();
    if (!frame || !this.isLogged(frame.fn, stack.at(-1))) return;
    if (frame.fn === 'mmu_notifier_invalidate_range_start') {
      this.emit(actor, { e: '<', f: 'notifier_range_start' });
      return;
    }
    if (frame.fn === 'set_pmd_migration_entry') {
      this.emit(actor, {
        e: 'set_pmd_migration',
        addr: this.v.page(frame.a),
        old: frame.old,
        val: this.v.pmdAt(frame.a),
        ret: this.v.ret(a),
      });
      return;
    }
    const logged = LOGGED[frame.fn];
    if (!logged) return;
    if (actor === 0 && (frame.fn === 'gt_ioctl' || frame.fn === 'ioctl'))
      this.deviceTable = deviceTable(this.v, this.device);
    for (const point of AT_EXIT[frame.fn] ?? []) for (const event of point(this.v, frame.a)) this.emit(actor, event);
    this.emit(actor, { e: '<', f: frame.fn, ...logged.exit(this.v, frame, a, b, c) });
  }

  /** Remembers which folios the step's writes put into the LRU batch. */
  private noteBatch(i: number, op: number): void {
    if (op === OP.LRU_ADD_DRAIN) this.drains.push(i);
    const { loc, old, neu } = this.v.m.journal;
    const end = this.recording.deltaEnd(i);
    for (let row = this.recording.deltaBegin(i); row < end; row++) {
      const l = (loc[row] as number) - FIRST_FOLIO_CELL;
      if (l < 0 || l >= CELLS_OF_BANK || l % F_STRIDE !== F.FLAGS) continue;
      if (((neu[row] as number) & ~(old[row] as number) & PG.BATCH) === 0) continue;
      const first = this.v.m.f(Math.floor(l / F_STRIDE), F.PFN);
      const steps = this.queuedAt.get(first);
      if (steps) steps.push(i);
      else this.queuedAt.set(first, [i]);
    }
  }

  /** Functions of other files are logged where the files under study call them. */
  private isLogged(name: string, caller: Frame | undefined): boolean {
    if (LOGGED[name]?.seen === 'own') return true;
    return caller !== undefined && STUDIED.has(caller.file);
  }

  private countWalk(actor: number, stack: readonly Frame[]): void {
    this.walks++;
    if (actor === 0 && !stack.some((f) => f.fn === 'dmirror_devmem_fault')) this.walksOuter++;
  }

  private primitive(actor: number, site: number, op: number, a: number, b: number, c: number, i: number): void {
    const logged = LOGGED_STEPS[op];
    const { name, file } = functionOfSite(site);
    const hidden =
      !logged || (logged.files && !logged.files.includes(file)) || (op === OP.LOCK_PMD && LOCK_NOT_LOGGED.has(name));
    if (hidden) {
      if (op === OP.FOLIO_FREE) this.free(a, i);
      return;
    }
    let old = '';
    if (logged.old) {
      this.recording.seek(i - 1);
      old = logged.old(this.v, a, b);
    }
    this.recording.seek(i);
    this.emit(actor, logged.event(this.v, a, b, c, old));
  }

  private free(folio: number, i: number): void {
    const { m } = this.v;
    this.recording.seek(i - 1);
    const first = m.f(folio, F.PFN);
    const n = 1 << m.f(folio, F.ORDER);
    for (let p = first; p < first + n; p++) this.freedAt.set(p, i);
    const backing = m.f(folio, F.BACKING);
    if (backing !== 0) for (let p = 0; p < n; p++) this.freedAt.set(backing + p, i);
  }

  /** The event's owner was logged as 1 or 0; the first callback of the event refers to its object. */
  private ownerOf(i: number): number {
    const { log } = this.v.m;
    for (let j = i + 1; j < log.length && log.op[j] !== OP.EXIT; j++) {
      if (log.op[j] === OP.INVALIDATE_CB) return this.v.obj(log.b[j] as number, EVENT.OWNER) === 0 ? 0 : 1;
    }
    return 1;
  }
}
