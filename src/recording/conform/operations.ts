import type { Operation, ScenarioRequest } from '../../scenario/types.ts';
import { type GoldenEvent, GoldenError } from './golden-format.ts';
import { splitName } from './page-ids.ts';

type Select = ScenarioRequest['select'][number];
type Ask = 'fault' | 'write' | 'nothing';

/** Flag names without a page name: the log prints one for frame 0 behind a lone VALID. */
export function flagNames(value: unknown): readonly string[] {
  if (typeof value !== 'string' || value === '0') return [];
  return splitName(value).before.replace(/:$/, '').split('|');
}

/** gt_ioctl's `op`: what the measuring module was asked to do */
const GT = { RANGE_FAULT: 0, MIGRATE_TO_DEVICE: 1, MIGRATE_TO_SYSTEM: 2, FAULT_AND_MIGRATE: 3 } as const;
const IOCTL: Readonly<Record<number, 'read' | 'write' | 'to-dev' | 'to-sys'>> = {
  0: 'read',
  1: 'write',
  2: 'to-dev',
  3: 'to-sys',
};

/**
 * The operations of a file in order, read from the main thread's outermost events: the `gt_ioctl` and
 * `ioctl` entries carry every flag, a CPU access is a remark.
 */
export function readOperations(calls: readonly GoldenEvent[], device: number): Operation[] {
  const out: Operation[] = [];
  calls.forEach((event, i) => {
    if (event.t !== undefined) return;
    if (event.e === '>' && event.f === 'gt_ioctl') out.push(gtOperation(event, calls, i, device));
    else if (event.e === '>' && event.f === 'ioctl') out.push(stockIoctl(event, i, device));
    else if (event.e === 'user' && event.text === 'cpu read begin') out.push({ call: 'cpu', write: false, page: 0 });
    else if (event.e === 'user' && event.text === 'cpu write begin') out.push({ call: 'cpu', write: true, page: 0 });
  });
  if (out.length === 0)
    throw new GoldenError('calls: no gt_ioctl, ioctl or CPU access, so there is no operation to run');
  return out;
}

function numberOf(event: GoldenEvent, key: string, i: number): number {
  const value = event[key];
  if (typeof value !== 'number') throw new GoldenError(`calls.${i}.${key}: expected a number`);
  return value;
}

function stockIoctl(event: GoldenEvent, i: number, device: number): Operation {
  const nr = IOCTL[numberOf(event, 'nr', i)];
  if (!nr) throw new GoldenError(`calls.${i}.nr: unknown ioctl ${String(event.nr)}`);
  const start = numberOf(event, 'addr', i);
  return { call: 'ioctl', nr, start, end: start + numberOf(event, 'npages', i), device };
}

/** What the operation of a gt_ioctl entry asks for. */
export function gtOperation(event: GoldenEvent, calls: readonly GoldenEvent[], i: number, device: number): Operation {
  const start = numberOf(event, 'addr', i);
  const end = start + numberOf(event, 'npages', i);
  const dflags = flagNames(event.dflags);
  const mflags = flagNames(event.mflags);
  const perPage = flagNames(event.mask).length > 0 ? readPerPage(calls, i) : undefined;
  const request: ScenarioRequest = {
    start,
    end,
    fault: dflags.includes('VALID'),
    write: dflags.includes('WRITE'),
    select: mflags.filter((f): f is Select => f !== 'FAULT'),
    device,
    ...(perPage ? { perPage } : {}),
  };
  const op = numberOf(event, 'op', i);
  if (op === GT.RANGE_FAULT) return { call: 'hmm_range_fault', migrate: false, request };
  if (op === GT.FAULT_AND_MIGRATE) return { call: 'hmm_range_fault', migrate: true, request };
  if (op === GT.MIGRATE_TO_DEVICE || op === GT.MIGRATE_TO_SYSTEM)
    return { call: 'migrate_vma', fault: mflags.includes('FAULT'), request };
  throw new GoldenError(`calls.${i}.op: unknown operation ${op}`);
}

/** Requests page by page stand in the array that the first hmm_range_fault gets. */
function readPerPage(calls: readonly GoldenEvent[], from: number): { even: Ask; odd: Ask } {
  const arr = calls.slice(from).find((e) => e.e === 'arr' && e.name === 'hmm_pfns_in');
  const runs = (arr?.runs ?? []) as readonly { i: number; n: number; v: string }[];
  const ask = (page: number): Ask => {
    const flags = flagNames(runs.find((r) => r.i <= page && page < r.i + r.n)?.v);
    return flags.includes('WRITE') ? 'write' : flags.includes('VALID') ? 'fault' : 'nothing';
  };
  return { even: ask(0), odd: ask(1) };
}
