import { expect, test } from 'vitest';
import { A, F, PG, SW } from '../../src/machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../src/machine/page-table.ts';
import { swpPfn } from '../../src/machine/words/swp.ts';
import { folioHas } from '../../src/kernel/common/folio.ts';
import { swapGet } from '../../src/kernel/common/swapfile.ts';
import { runScenario } from '../../src/recording/run.ts';
import type { Scenario } from '../../src/scenario/types.ts';

/** A page swapped out and still in the swap cache, read by the CPU and then moved to the device. */
const SCENARIO: Scenario = {
  format: 'walkscope-scenario',
  version: 1,
  id: 'cached',
  title: 'A page in the swap cache migrates',
  base: '0x200000000',
  vmas: [{ start: 0, end: 512, perms: 'rw-p', kind: 'anon' }],
  entries: [{ page: 3, count: 1, level: 'pte', kind: 'swap', folio: {} }],
  request: { start: 3, end: 4, fault: true, write: false, select: ['SYSTEM'], device: 0 },
};

test('a page of the swap cache gives its slot up when it migrates, and is dirty: it is the only copy', () => {
  const rec = runScenario({ scenario: SCENARIO, strategy: 'fault-then-migrate', revision: 'v2' });
  const { machine: m } = rec;
  const pte = findEntry(m, m.actorGet(0, A.MM), 3 + rec.origin, 1);
  const moved = m.folioOf(swpPfn(entryLo(m, pte), entryHi(m, pte)));
  expect(rec.end).toBe('returned');
  expect(m.f(moved, F.OWNER)).toBe(1);
  expect(folioHas(m, moved, PG.DIRTY)).toBe(true);
  // Were the slot still to name the source, whoever got the slot next would find a folio that has been freed.
  expect([swapGet(m, 1, SW.COUNT), swapGet(m, 1, SW.FOLIO)]).toEqual([0, 0]);
});
