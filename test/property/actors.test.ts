import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTOR_KINDS } from '../../src/scenario/actors.ts';
import { memory } from '../../src/scenario/notation.ts';
import type { Scenario, ScenarioRival, Strategy } from '../../src/scenario/types.ts';
import { judgeScheduled } from '../support/scheduled-run.ts';

const LINES = fc.array(fc.constantFrom('P', 'R', 'C', 'Z', 'N', 'S', 'V', 'D', 'E'), { minLength: 2, maxLength: 6 });
const STRATEGIES: readonly Strategy[] = ['unified', 'fault-then-migrate', 'migrate-only', 'fault-only'];

/** A small memory, what the walker does to it, and one or two actors on parts of it. */
const CASE = fc
  .record({
    words: LINES,
    fault: fc.boolean(),
    write: fc.boolean(),
    strategy: fc.constantFrom(...STRATEGIES),
    rivals: fc.array(
      fc.record({ does: fc.constantFrom(...ACTOR_KINDS), from: fc.nat(5), pages: fc.nat(5), device: fc.nat(1) }),
      { minLength: 1, maxLength: 2 },
    ),
    seed: fc.nat(),
  })
  .map((c) => {
    const end = c.words.length;
    const rivals: ScenarioRival[] = c.rivals.map((r) => {
      const start = r.from % end;
      return { does: r.does, start, end: Math.min(end, start + 1 + r.pages), device: r.device, when: 'before-copy' };
    });
    const scenario: Scenario = {
      format: 'walkscope-scenario',
      version: 1,
      id: 'actors',
      title: c.words.join(' '),
      base: '0x200000000',
      vmas: [{ start: 0, end: 512, perms: 'rw-p', kind: 'anon', flags: ['hugepage'] }],
      entries: memory(c.words.join(' ')),
      request: { start: 0, end, fault: c.fault, write: c.write, select: ['SYSTEM'], device: 0 },
      conditions: { openDevices: [0, 1], rivals },
    };
    return { scenario, strategy: c.strategy, seed: c.seed };
  });

test('whoever runs beside the mended walk, and whoever goes on at each choice: no rule breaks, every count is right', () => {
  fc.assert(
    fc.property(CASE, ({ scenario, strategy, seed }) => {
      expect(judgeScheduled({ scenario, strategy, revision: 'fixed' }, seed)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
