import { checkRange, checkRequest } from './check-request.ts';
import type { Problems } from './error.ts';
import { LIMIT } from './limits.ts';
import type { Operation } from './types.ts';

/** Objects to operations that no program could carry out, or that would take too long. */
export function checkOperations(operations: readonly Operation[], path: string, problems: Problems): void {
  let pages = 0;
  let forks = 0;
  operations.forEach((op, i) => {
    const at = `${path}[${i}]`;
    if ('request' in op) checkRequest(op.request, `${at}.request`, problems);
    else if ('start' in op) {
      checkRange(op.start, op.end, at, problems);
      pages += op.end - op.start;
    } else if (op.call === 'fork') forks++;
  });
  if (pages > LIMIT.PAGES) {
    const message = `the operations work on ${pages} pages together: at most ${LIMIT.PAGES}.`;
    problems.add(path === '' ? 'operations' : path, `at most ${LIMIT.PAGES} pages`, pages, message);
  }
  if (forks > LIMIT.CHILDREN) {
    const message = `${forks} forks are too many: at most ${LIMIT.CHILDREN}.`;
    problems.add(path === '' ? 'operations' : path, `at most ${LIMIT.CHILDREN} forks`, forks, message);
  }
}
