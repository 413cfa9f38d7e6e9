import { Problems, ScenarioError } from './error.ts';
import type { Scenario, ScenarioEntry, VmaKind } from './types.ts';

/** VMAs that hmm_vma_migrate() can meet here: anonymous ones, and those that it refuses by itself. */
const KINDS: readonly VmaKind[] = ['anon', 'hugetlb', 'special'];

/**
 * Checks that the kernel of 2016 can run a scenario's request: anonymous memory, single pages and THPs.
 * @throws {ScenarioError} naming each VMA or entry of the request that did not exist then or is not modelled for it
 */
export function requireLegacy(scenario: Scenario): void {
  const { start, end } = scenario.request;
  const problems = new Problems();
  scenario.vmas.forEach((vma, i) => {
    if (vma.end <= start || vma.start >= end || KINDS.includes(vma.kind)) return;
    problems.add(
      `vmas[${i}].kind`,
      KINDS.join(', '),
      vma.kind,
      `strategy legacy-2016 runs on anonymous memory: pages of a ${vma.kind} mapping were collected in 2016, but never migrated, because their page-cache reference looks like a pin.`,
    );
  });
  scenario.entries.forEach((entry, i) => {
    if (entry.page + entry.count <= start || entry.page >= end) return;
    if (entry.level === 'pmd' && (entry.kind === 'device' || entry.kind === 'migration'))
      problems.add(
        `entries[${i}].level`,
        'pte',
        'pmd',
        `strategy legacy-2016: in 2016 no PMD entry could name ${entry.kind === 'device' ? 'device memory' : 'a page under migration'}.`,
      );
    else if (isLargeDevice(entry))
      problems.add(
        `entries[${i}].folio.order`,
        '0',
        String(entry.folio?.order ?? 0),
        'strategy legacy-2016: in 2016 device memory came in single pages.',
      );
  });
  if (problems.list.length > 0) throw new ScenarioError(problems.list);
}

function isLargeDevice(entry: ScenarioEntry): boolean {
  const { folio } = entry;
  if (folio === undefined) return false;
  const device = entry.kind === 'device' || folio.memory === 'private' || folio.memory === 'coherent';
  return device && (folio.order === 9 || entry.level === 'pmd');
}
