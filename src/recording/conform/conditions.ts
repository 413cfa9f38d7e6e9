import type { ScenarioConditions, ScenarioRival } from '../../scenario/types.ts';
import type { Golden, GoldenEvent } from './golden-format.ts';
import { splitName } from './page-ids.ts';

/**
 * What a file describes in words instead of state: the words of the scenario's name (`_` separates
 * them) and the remarks of the measuring program in the event log. Words combine freely; nothing here
 * knows a scenario by its name.
 */
export interface Described {
  /** device that asks */
  readonly device: number;
  readonly openDevices: readonly number[];
  readonly failAlloc: boolean;
  /** a surplus reference of a large folio is a GUP pin */
  readonly pinned: boolean;
  readonly rivals: readonly ScenarioRival[];
}

/** The device that asks: coherent memory in the range, asked for or given means the coherent device. */
function askingDevice(words: readonly string[], calls: readonly GoldenEvent[], golden: Golden): number {
  if (words.includes('coh')) return 2;
  const isCoherent = (value: unknown): boolean => typeof value === 'string' && /^C\d/.test(splitName(value).id);
  const coherent =
    golden.before.pagemap.some((run) => isCoherent(run.v)) ||
    Object.values(golden.dst).some((runs) => runs.some((run) => isCoherent(run.v))) ||
    calls.some((e) => typeof e.mflags === 'string' && e.mflags.includes('DEVICE_COHERENT'));
  return coherent ? 2 : 0;
}

/** Devices with a notifier on the process: each gets a callback for every event. */
function callbacksPerEvent(calls: readonly GoldenEvent[]): number {
  let open = false;
  let n = 0;
  let most = 0;
  for (const e of calls) {
    if (e.t !== undefined) continue;
    if (e.f === 'notifier_range_start') {
      open = e.e === '>';
      if (open) n = 0;
    } else if (open && e.e === 'invalidate_cb') most = Math.max(most, ++n);
  }
  return most;
}

/**
 * Reads what the words and remarks of a file describe.
 * @param calls the expanded log
 * @param foreignMemory device memory of another device is mapped
 */
export function readDescribed(golden: Golden, calls: readonly GoldenEvent[], foreignMemory: boolean): Described {
  const words = golden.scenario.split('_');
  const device = askingDevice(words, calls, golden);
  const foreign = foreignMemory || words.includes('other');
  const rivals = readRivals(golden, words, calls);
  const second =
    foreign || callbacksPerEvent(calls) > 1 || rivals.some((r) => r.does === 'migrate' && r.device !== device);
  const openDevices = second ? [device, device ^ 1] : [device];
  return {
    device,
    openDevices: openDevices.toSorted((a, b) => a - b),
    failAlloc: words.includes('failalloc'),
    pinned: words.includes('pinned') || (words.includes('pin') && !words.includes('vmsplice')),
    rivals,
  };
}

/** The scenario's conditions, without keys that say nothing. */
export function conditionsOf(d: Described): ScenarioConditions {
  return {
    openDevices: d.openDevices,
    ...(d.failAlloc ? { failAlloc: [d.device] } : {}),
    ...(d.rivals.length > 0 ? { rivals: d.rivals } : {}),
  };
}

function readRivals(golden: Golden, words: readonly string[], calls: readonly GoldenEvent[]): ScenarioRival[] {
  const remark = calls.find(
    (e) => e.e === 'user' && e.t !== undefined && typeof e.text === 'string' && e.text.endsWith(' begin'),
  );
  const when = readMoment(words, calls);
  if (!when) return [];
  const action = remark
    ? actionOfRemark(String(remark.text), golden.range.pages)
    : actionOfWords(words, golden.range.pages);
  return action ? [{ ...action, when }] : [];
}

function readMoment(words: readonly string[], calls: readonly GoldenEvent[]): ScenarioRival['when'] | undefined {
  const pause = calls.find((e) => e.e === '>' && e.t === undefined && (e.f === 'race-pause' || e.f === 'pause'));
  if (pause?.f === 'pause' || (!pause && words.includes('conc'))) return 'before-copy';
  if (pause?.before === 'pmd_lock' || (!pause && words.includes('race') && words.includes('pmd')))
    return 'before-first-pmd-lock';
  if (pause?.before === 'pte_lock' || (!pause && words.includes('race') && words.includes('pte')))
    return 'before-first-pte-lock';
  return undefined;
}

type Action = Omit<ScenarioRival, 'when'>;

/** `conc madvise-dontneed all begin`, `conc write page 2 begin`, `conc mig pages 2,3 on device 1 begin` */
function actionOfRemark(remark: string, pages: number): Action | undefined {
  const mig = /^conc mig pages? ([\d,]+) on device (\d+) begin$/.exec(remark);
  if (mig) {
    const list = (mig[1] as string).split(',').map(Number);
    return {
      does: 'migrate',
      start: Math.min(...list),
      end: Math.max(...list) + 1,
      device: Number(mig[2]),
      holds: true,
    };
  }
  const other = /^conc (madvise-dontneed|write|read) (?:page (\d+)|all) begin$/.exec(remark);
  if (!other) return undefined;
  const does = other[1] === 'write' ? 'cpu_write' : other[1] === 'read' ? 'cpu_read' : 'madvise_dontneed';
  const page = other[2] === undefined ? undefined : Number(other[2]);
  return page === undefined ? { does, start: 0, end: pages } : { does, start: page, end: page + 1 };
}

/** A run that stopped before the rival's remark is known by its words alone. */
function actionOfWords(words: readonly string[], pages: number): Action | undefined {
  const race = words.includes('race');
  if (words.includes('dontneed'))
    return race ? { does: 'madvise_dontneed', start: 0, end: pages } : { does: 'madvise_dontneed', start: 2, end: 3 };
  if (words.includes('touch')) return { does: 'cpu_write', start: 2, end: 3 };
  if (words.includes('populated')) return { does: 'cpu_write', start: 0, end: 1 };
  if (words.includes('migrating')) return { does: 'migrate', start: 2, end: 4, device: 1, holds: true };
  return undefined;
}
