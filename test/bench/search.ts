import { Search } from '../../src/check/explorer/search.ts';
import { type Row, time } from './measure.ts';

/**
 * Distinct states per second of one worker over the standard grammar, rules included, from its beginning up to bound 1:
 * the machine is built, run, judged and counted, and what breaks a rule is shrunk.
 */
export function searchRows(): Row[] {
  let distinct = 0;
  const run = (): void => {
    const search = new Search({
      question: { kind: 'rule', rule: 'all' },
      revision: 'v2',
      fixes: [],
      bound: 1,
      part: { index: 0, of: 1 },
      stateBits: 23,
      first: false,
      peel: false,
    });
    search.run(() => false);
    distinct = search.progress.distinct;
  };
  // The first one is for the compiler.
  run();
  const ms = time(run);
  return [
    { name: 'search.states_per_s', value: distinct / (ms / 1000), unit: 'states/s' },
    { name: 'search.bound1_states', value: distinct, unit: 'states' },
  ];
}
