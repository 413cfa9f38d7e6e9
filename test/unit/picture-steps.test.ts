import { expect, test } from 'vitest';
import { readSteps } from '../../src/ui/pictures/steps.ts';

test.each([
  ['62', [61]],
  ['40, 50-53', [39, 49, 50, 51, 52]],
  ['3..5;7', [2, 3, 4, 6]],
  [' 1 100 ', [0, 99]],
])('%s', (text, steps) => expect(readSteps(text, 100)).toEqual({ ok: steps }));

test.each(['', '0', '101', '5-3', '4-', 'x', '-1', '1e3', '1-2-3'])('“%s” is refused with what is expected', (text) => {
  expect(readSteps(text, 100).error).toMatch(/expected steps from 1 to 100/);
});
