import type { RunSpec, Scenario, ScenarioEntry, ScenarioRival } from '../../src/scenario/types.ts';
import { own } from '../../src/scenario/ledger/case.ts';
import { type Sketch, sketch } from '../../src/scenario/library/make.ts';
import type { Case } from './cases.ts';

/*
 * Small scenarios for statements that nothing else runs, or not in a way that shows: what a folio knows that its
 * entry does not, entries that userfaultfd has protected, somebody who comes between a lock that is dropped and the
 * next that is tried.
 */

const corner = (id: string, pages: number, memory: Sketch['memory'], more: Partial<Sketch> = {}): Scenario =>
  sketch({ id, title: id, about: id, look: [], source: [], tags: [], memory, pages, fault: false, ...more });

/** The PTEs are dirty, and their folio does not know it. */
const WRITTEN: ScenarioEntry = own(0, 4);
const LARGE: ScenarioEntry = { ...WRITTEN, count: 512, folio: { name: 'large', order: 9, exclusive: true } };
const PROTECTED: ScenarioEntry = { ...WRITTEN, write: false, uffdWp: true };
const HUGE: ScenarioEntry = { ...WRITTEN, count: 512, level: 'pmd' };

const fails = { failAlloc: [0] };
/** Nothing is moved: every entry comes back as it was. */
const SCENARIOS: readonly Scenario[] = [
  corner('corner-dirty', 4, [WRITTEN], { conditions: fails }),
  corner('corner-large-dirty', 4, [LARGE], { conditions: fails }),
  corner('corner-protected', 4, [PROTECTED], { conditions: fails }),
  corner('corner-protected-moves', 4, [PROTECTED]),
  corner('corner-shared-dirty', 4, [{ ...WRITTEN, write: false, folio: { sharedBy: 1 } }], { conditions: fails }),
  corner('corner-huge-protected', 512, [{ ...HUGE, write: false, uffdWp: true }], { select: ['SYSTEM', 'COMPOUND'] }),
  corner('corner-huge-pinned', 512, [{ ...HUGE, folio: { exclusive: true, pins: 1 } }], {
    select: ['SYSTEM', 'COMPOUND'],
  }),
  corner('corner-huge-dirty', 512, [HUGE], { select: ['SYSTEM', 'COMPOUND'], conditions: fails }),
];

const SPLITTER: ScenarioRival = { does: 'split', when: 'mmap-held', start: 0, end: 2 };

/** The shrinker has the folio lock when the walk tries it for its own split. */
function* splitters(): Generator<Case> {
  const scenario = corner('corner-splitter', 2, [HUGE], { conditions: { rivals: [SPLITTER] } });
  for (const at of [6, 7, 8, 9])
    for (const after of [2, 3, 4]) {
      const spec: RunSpec = { scenario, strategy: 'migrate-only', revision: 'fixed', schedule: `${at}b${after}a` };
      yield { name: `${scenario.id}, schedule ${spec.schedule}`, spec };
    }
}

/** Every corner, on the mended kernel. */
export const corners = (): Case[] => [
  ...SCENARIOS.flatMap((scenario) =>
    (['unified', 'migrate-only'] as const).map((strategy) => ({
      name: `${scenario.id} ${strategy}`,
      spec: { scenario, strategy, revision: 'fixed' as const },
    })),
  ),
  ...splitters(),
];
