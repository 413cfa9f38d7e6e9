import { expect, test } from 'vitest';
import { UsageError, oneOf, scenarioFrom, switchesFrom, wayFrom } from '../../src/cli/arguments.ts';
import { main as walk } from '../../src/cli/walk.ts';

test('a word or switch that nothing is called is refused, and what there is is named', async () => {
  expect(() => oneOf('--kernel', 'v9', ['v2', 'base'])).toThrow(new UsageError('--kernel v9: expected v2, base'));
  expect(() => scenarioFrom('nothing')).toThrow(/"nothing" is neither a file that can be read nor .*: .* mixed /);
  expect(() => scenarioFrom('package.json')).toThrow(/^package\.json:\n {2}format: /);
  expect(() => wayFrom('--a', 'v2,R-99', scenarioFrom('mixed'))).toThrow(/^--a v2,R-99: "R-99" is unknown; expected /);
  // A switch with a slip of the pen would run as if it had not been there.
  await expect(walk(['mixed', '--fix', 'R-07,R-99'])).rejects.toThrow(
    new UsageError('--fix: R-99 is no switch of the ledger'),
  );
});

test('switches of the ledger and of the device-private series, in one list or several', () => {
  expect(switchesFrom('--fix', ['R-07,F-04', 'DP-3', ''])).toEqual(['R-07', 'F-04', 'DP-3']);
  expect(wayFrom('--a', 'v2,DP-3', scenarioFrom('mixed'))).toMatchObject({
    way: 'v2+DP-3',
    spec: { revision: 'v2', fixes: ['DP-3'] },
  });
});
