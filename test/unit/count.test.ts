import { expect, test } from 'vitest';
import { closingLine, countEndToEnd, countUnit } from '../../scripts/count.ts';

const unit = JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0 });
const endToEnd = JSON.stringify({ stats: { expected: 5, unexpected: 2, flaky: 1, skipped: 0 } });

test('the closing line is the sum of both reports', () => {
  expect(closingLine([countUnit(unit), countEndToEnd(endToEnd)])).toBe('12 passed, 4 failed');
});

test('skipped tests are said, not hidden', () => {
  expect(closingLine([{ passed: 1, failed: 0, skipped: 2 }])).toBe('1 passed, 0 failed, 2 skipped');
});

test('a run without reports counts nothing', () => {
  expect(closingLine([])).toBe('0 passed, 0 failed');
});
