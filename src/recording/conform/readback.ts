import { read_first_word } from '../../kernel/common/cpu-access.ts';
import { dmirror_snapshot } from '../../kernel/drivers/dmirror-snapshot.ts';
import type { Kernel, Run } from '../../kernel/kernel.ts';

/** What the measuring program found after the run. */
export interface Aftermath {
  /** bytes of the driver's SNAPSHOT ioctl, one for each page */
  readonly mirror: readonly string[];
  /** 'end', or 'begin' when a read never came back */
  readonly state: 'begin' | 'end';
  /** first words of the pages as hexadecimal numbers */
  readonly values: readonly string[];
}

/** Steps after which looking is given up: a fault that goes round for ever is a defect of the engine. */
const MOST_STEPS = 1 << 20;

/**
 * After a run: the SNAPSHOT ioctl on `device`, then a CPU read of every page of [start, end).
 * It runs on the recording's machine and adds steps that do not belong to the recording, so nothing
 * may seek in the recording afterwards.
 */
export function lookAfterwards(k: Kernel, mm: number, device: number, start: number, end: number): Aftermath {
  k.m.log.limit = k.m.log.length + MOST_STEPS;
  const bytes: number[] = [];
  finish(dmirror_snapshot(k, mm, start, end, device, bytes));
  const mirror = bytes.map((byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  const values: string[] = [];
  for (let page = start; page < end; page++) {
    const word = finish(read_first_word(k, mm, page));
    if (word === undefined) return { mirror, state: 'begin', values: [] };
    values.push(`0x${(word >>> 0).toString(16)}`);
  }
  return { mirror, state: 'end', values };
}

/** Runs kernel code that nobody competes with; undefined when it waits, which is then for ever. */
function finish<T>(run: Run<T>): T | undefined {
  const { done, value } = run.next();
  return done === true ? value : undefined;
}
