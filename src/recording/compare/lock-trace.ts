import { LOCK_OPS, OP } from '../../machine/ops.ts';
import { opText } from '../op-text.ts';
import type { Recording } from '../recording.ts';
import { KeyNumbers } from './key-numbers.ts';
import { stepKeys } from './keys.ts';

const TRACED: ReadonlySet<number> = new Set([...LOCK_OPS, OP.MAP_PTE, OP.UNMAP_PTE, OP.BLOCKED]);

/** Where the order of lock operations first differs; undefined when it is the same. */
export function differenceInLocks(
  a: Recording,
  b: Recording,
): { readonly where: string; readonly a: string; readonly b: string } | undefined {
  const numbers = new KeyNumbers();
  const x = trace(a, numbers);
  const y = trace(b, numbers);
  const n = Math.max(x.key.length, y.key.length);
  for (let i = 0; i < n; i++) {
    if (x.key[i] === y.key[i] && x.taken[i] === y.taken[i]) continue;
    return { where: `lock operation ${i + 1}`, a: text(a, x.step[i]), b: text(b, y.step[i]) };
  }
  return undefined;
}

function trace(
  rec: Recording,
  numbers: KeyNumbers,
): { readonly step: number[]; readonly key: number[]; readonly taken: number[] } {
  const { op, b, c } = rec.machine.log;
  const { key } = stepKeys(rec, numbers);
  const out = { step: [] as number[], key: [] as number[], taken: [] as number[] };
  for (let i = 0; i < rec.length; i++) {
    if (!TRACED.has(op[i] as number)) continue;
    out.step.push(i);
    out.key.push(key[i] as number);
    out.taken.push((op[i] === OP.LOCK_PTE ? c[i] : op[i] === OP.FOLIO_TRYLOCK ? b[i] : 1) as number);
  }
  return out;
}

function text(rec: Recording, step: number | undefined): string {
  return step === undefined ? 'none any more' : `step ${step + 1}: ${opText(rec, step, 'reviewer') ?? ''}`;
}
