import { USER_PAGES } from '../check-span.ts';
import { Problems, type ScenarioProblem } from '../error.ts';
import { pageOfBase } from '../place.ts';
import type { Capture, CaptureVma } from './types.ts';

/** Runs that are read at most; the script ends early before it writes so many. */
const MOST_RUNS = 1 << 20;

/** Everything that makes a well-formed capture contradict itself: addresses, order, runs outside their VMA, unknown states. */
export function checkCapture(c: Capture): readonly ScenarioProblem[] {
  const problems = new Problems();
  if (c.range !== undefined) checkAddresses(c.range, 'range', problems);
  if (c.vmas.length === 0) {
    problems.add('vmas', 'at least one mapping', 'none', 'the capture has no mapping, so there is nothing to walk.');
  }
  let end = 0;
  let runs = 0;
  for (let i = 0; i < c.vmas.length && !problems.full; i++) {
    const vma = c.vmas[i] as CaptureVma;
    const path = `vmas[${i}]`;
    runs += vma.runs.length;
    if (!checkAddresses(vma, path, problems)) continue;
    if (pageOfBase(vma.start) < end) {
      const message = `the mapping at ${vma.start} begins before the one ahead of it ends: mappings come by address.`;
      problems.add(`${path}.start`, `0x${(end * 4096).toString(16)} or more`, vma.start, message);
    }
    end = pageOfBase(vma.end);
    checkRuns(c, vma, path, problems);
  }
  if (runs > MOST_RUNS) {
    const message = `${runs} runs of pages are too many: at most ${MOST_RUNS}. Capture a smaller range.`;
    problems.add('vmas', `at most ${MOST_RUNS} runs`, runs, message);
  }
  return problems.list;
}

function checkAddresses(span: { start: string; end: string }, path: string, problems: Problems): boolean {
  for (const side of ['start', 'end'] as const) {
    if (Number.parseInt(span[side].slice(-3), 16) !== 0 || span[side].length < 5) {
      if (Number.parseInt(span[side], 16) === 0) continue;
      const message = `${span[side]} is not page aligned: the last three digits must be 0.`;
      problems.add(`${path}.${side}`, 'a multiple of 0x1000', span[side], message);
      return false;
    }
  }
  if (pageOfBase(span.end) > USER_PAGES) {
    const message = `${span.end} lies above user space, which ends at 0x7fffffffffff.`;
    problems.add(`${path}.end`, 'at most 0x800000000000', span.end, message);
    return false;
  }
  if (pageOfBase(span.start) >= pageOfBase(span.end)) {
    const message = `the end ${span.end} must come after the start ${span.start}.`;
    problems.add(`${path}.end`, `more than ${span.start}`, span.end, message);
    return false;
  }
  return true;
}

function checkRuns(c: Capture, vma: CaptureVma, path: string, problems: Problems): void {
  const pages = pageOfBase(vma.end) - pageOfBase(vma.start);
  let end = 0;
  for (let i = 0; i < vma.runs.length && !problems.full; i++) {
    const [page, count, state] = vma.runs[i] as [number, number, number];
    const at = `${path}.runs[${i}]`;
    if (page < end) {
      problems.add(at, `a page of ${end} or more`, page, `page ${page} is in the run before it already.`);
    } else if (count < 1 || page + count > pages) {
      const message = `pages [${page}, ${page + count}) do not lie in the mapping, which has ${pages} pages.`;
      problems.add(at, `1 to ${pages - page} pages`, count, message);
    } else if (state >= c.states.length) {
      const message = `there is no state ${state}: the capture has ${c.states.length} states.`;
      problems.add(at, `a state below ${c.states.length}`, state, message);
    }
    end = page + count;
  }
}
