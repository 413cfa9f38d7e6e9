import { checkFolio, FolioNames } from './check-folio.ts';
import { checkSpan } from './check-span.ts';
import type { Problems } from './error.ts';
import { LIMIT } from './limits.ts';
import { pageOfBase } from './place.ts';
import { hasFolio, type Meaning, meaningOf, vmaFinder } from './resolve.ts';
import type { Scenario, ScenarioEntry, ScenarioVma } from './types.ts';

const PMD_KINDS = ['none', 'present', 'zero', 'migration', 'device'];
const WRITABLE_KINDS = ['present', 'migration', 'device', 'device-exclusive'];

/** Objects to entries that overlap, lie where they cannot, or contradict themselves, their VMA or their folio. */
export function checkEntries(s: Scenario, problems: Problems): void {
  if (s.entries.length > LIMIT.ENTRIES) {
    const message = `${s.entries.length} entries are too many: at most ${LIMIT.ENTRIES} stretches.`;
    problems.add('entries', `at most ${LIMIT.ENTRIES}`, s.entries.length, message);
    return;
  }
  const find = vmaFinder(s.vmas);
  const names = new FolioNames();
  const load = new Load(s);
  for (let i = 0; i < s.entries.length && !problems.full; i++) {
    const entry = s.entries[i] as ScenarioEntry;
    const path = `entries[${i}]`;
    if (!checkSpan(s.base, path, entry.page, entry.page + entry.count, problems)) continue;
    const vma = s.vmas[find(entry.page)];
    const means = checkPlace(s, entry, vma, path, problems) ? meaningOf(s, entry, vma as ScenarioVma) : undefined;
    load.add(entry, means);
    if (means === undefined) continue;
    checkBits(entry, vma as ScenarioVma, means, path, problems);
    if (!hasFolio(entry)) continue;
    checkFolio(s, entry, vma as ScenarioVma, means, path, problems);
    names.check(entry, means, path, problems);
    const [from, to] = areaOf(s, entry);
    if (entry.level === 'pmd' && entry.folio?.name !== undefined && to - from > 512) {
      const message = `the stretch touches ${(to - from) / 512} areas of 2 MiB, each with a folio of its own: leave the name out.`;
      problems.add(`${path}.folio.name`, 'no name', entry.folio.name, message);
    }
  }
  if (problems.list.length === 0) checkOverlaps(s, problems);
  if (problems.list.length === 0) load.check(problems);
}

/** Objects to an entry outside its VMA; true when it lies in one. Nothing may lie anywhere. */
function checkPlace(
  s: Scenario,
  entry: ScenarioEntry,
  vma: ScenarioVma | undefined,
  path: string,
  problems: Problems,
): boolean {
  const { page, kind, level } = entry;
  const end = page + entry.count;
  if (level === 'pmd' && !PMD_KINDS.includes(kind)) {
    const message = `an entry of kind ${kind} exists only for single pages: say level pte.`;
    problems.add(`${path}.level`, 'pte', 'pmd', message);
    return false;
  }
  if (kind === 'none') return false;
  if (vma === undefined) {
    problems.add(
      `${path}.page`,
      'a page in a VMA',
      page,
      `page ${page} lies in no VMA, so nothing can be mapped there.`,
    );
    return false;
  }
  if (end > vma.end) {
    const message = `pages [${page}, ${end}) leave the VMA [${vma.start}, ${vma.end}): make one stretch for each VMA.`;
    problems.add(`${path}.count`, `at most ${vma.end - page}`, entry.count, message);
    return false;
  }
  if (level === 'pmd') {
    const [from, to] = areaOf(s, entry);
    if (from < vma.start || to > vma.end) {
      const message = `a PMD entry maps the aligned 2 MiB area [${from}, ${to}), which is not wholly inside the VMA [${vma.start}, ${vma.end}).`;
      problems.add(`${path}.level`, 'a VMA around the whole 2 MiB area', `[${vma.start}, ${vma.end})`, message);
      return false;
    }
  }
  return true;
}

/** The aligned 2 MiB areas that a PMD stretch touches, as pages [from, to). */
function areaOf(s: Scenario, entry: ScenarioEntry): [number, number] {
  const phase = pageOfBase(s.base) % 512;
  const from = Math.floor((entry.page + phase) / 512) * 512 - phase;
  return [from, Math.ceil((entry.page + entry.count + phase) / 512) * 512 - phase];
}

function checkBits(entry: ScenarioEntry, vma: ScenarioVma, means: Meaning, path: string, problems: Problems): void {
  const { kind, level } = entry;
  if (entry.write === true) {
    if (!WRITABLE_KINDS.includes(kind)) {
      problems.add(`${path}.write`, 'false', 'true', `an entry of kind ${kind} is never writable.`);
    } else if (vma.perms[1] !== 'w') {
      const message = `the entry is writable, but its VMA allows ${vma.perms}.`;
      problems.add(`${path}.write`, 'false', 'true', message);
    } else if (means.protnone && kind === 'present') {
      problems.add(`${path}.write`, 'false', 'true', 'a protnone entry is not writable.');
    }
  }
  if (
    entry.special === true &&
    (kind !== 'present' || level !== 'pte' || entry.folio !== undefined || vma.kind !== 'special')
  ) {
    const message =
      'special says that a present PTE in a VMA of kind special has no normal page behind it, so it names no folio.';
    problems.add(
      `${path}.special`,
      'a present PTE without a folio in a special VMA',
      `${kind} in ${vma.kind}`,
      message,
    );
  }
  if (kind === 'zero' && vma.kind !== 'anon') {
    problems.add(
      `${path}.kind`,
      'an anonymous VMA',
      vma.kind,
      `the zero page stands for untouched anonymous memory, not in a ${vma.kind} VMA.`,
    );
  }
  if (vma.kind === 'hugetlb' && (level !== 'pmd' || kind !== 'present')) {
    const message = 'a hugetlb VMA has present PMD entries only in this model.';
    problems.add(path, 'a present PMD entry', `${kind} at level ${level}`, message);
  }
  if (entry.migration !== undefined && kind !== 'migration') {
    problems.add(
      `${path}.migration`,
      'kind migration',
      kind,
      `an entry of kind ${kind} has no kind of migration entry.`,
    );
  }
  if (entry.marker !== undefined && kind !== 'marker') {
    problems.add(`${path}.marker`, 'kind marker', kind, `an entry of kind ${kind} has no marker bits.`);
  }
  if (entry.slot !== undefined && kind !== 'swap') {
    problems.add(`${path}.slot`, 'kind swap', kind, `an entry of kind ${kind} has no swap slot.`);
  }
  if (entry.slot?.exclusive === true && (entry.slot.sharedBy ?? 0) > 0) {
    problems.add(
      `${path}.slot.exclusive`,
      'false',
      'true',
      'a swap slot that forked processes share is not exclusive.',
    );
  }
  if (entry.folio !== undefined && !hasFolio(entry)) {
    problems.add(`${path}.folio`, 'no folio', 'a folio', `there is no folio behind an entry of kind ${kind}.`);
  }
}

function checkOverlaps(s: Scenario, problems: Problems): void {
  const order = s.entries
    .map((_, i) => i)
    .toSorted((a, b) => (s.entries[a] as ScenarioEntry).page - (s.entries[b] as ScenarioEntry).page);
  let last = -1;
  let lastPmd = -1;
  let lastPmdEnd = -Infinity;
  let pteEnd = -Infinity;
  let lastPte = -1;
  for (const i of order) {
    const entry = s.entries[i] as ScenarioEntry;
    const before = s.entries[last];
    if (before !== undefined && before.page + before.count > entry.page) {
      const message = `pages from ${entry.page} on are in entries[${last}] too.`;
      problems.add(`entries[${i}].page`, `${before.page + before.count} or more`, entry.page, message);
      return;
    }
    last = i;
    const isLeaf = entry.level === 'pmd' && entry.kind !== 'none';
    const [from, to] = entry.level === 'pmd' ? areaOf(s, entry) : [entry.page, entry.page + entry.count];
    if (from < lastPmdEnd) {
      const message = `entries[${lastPmd}] maps the whole 2 MiB area up to page ${lastPmdEnd} by a PMD entry.`;
      problems.add(`entries[${i}].page`, `${lastPmdEnd} or more`, entry.page, message);
      return;
    }
    if (isLeaf && from < pteEnd) {
      const message = `the 2 MiB area from page ${from} on has a PTE table, because of entries[${lastPte}].`;
      problems.add(`entries[${i}].level`, 'pte', 'pmd', message);
      return;
    }
    if (isLeaf) [lastPmd, lastPmdEnd] = [i, to];
    if (entry.level === 'pte') [lastPte, pteEnd] = [i, to];
  }
  checkTables(s, problems);
}

function checkTables(s: Scenario, problems: Problems): void {
  const leaves = s.entries.filter((e) => e.level === 'pmd' && e.kind !== 'none').map((e) => areaOf(s, e));
  s.tables?.forEach((table, i) => {
    const path = `tables[${i}]`;
    if (!checkSpan(s.base, path, table.page, table.page + 1, problems) || table.level === 'pmd') return;
    if (!leaves.some(([from, to]) => from <= table.page && table.page < to)) return;
    const message = `the 2 MiB area around page ${table.page} is mapped by a PMD entry and has no PTE table.`;
    problems.add(path, 'no PTE table', 'pte', message);
  });
}

/** Sums up what a scenario costs to build, to refuse what would not fit. */
class Load {
  private readonly s: Scenario;
  private readonly areas = new Set<number>();
  private pages = 0;
  private frames = 0;
  private children = 0;
  private windowStart: number;
  private windowEnd: number;

  constructor(s: Scenario) {
    this.s = s;
    this.windowStart = s.request.start;
    this.windowEnd = s.request.end;
  }

  add(entry: ScenarioEntry, means: Meaning | undefined): void {
    const [from, to] = areaOf(this.s, entry);
    if (this.areas.size <= LIMIT.TABLES)
      for (let page = from; page < to && this.areas.size <= LIMIT.TABLES; page += 512) this.areas.add(page);
    this.pages += entry.count * (1 + (means?.sharedBy ?? 0));
    this.children = Math.max(this.children, means?.sharedBy ?? 0);
    if (means === undefined) return;
    const backed = means.memory === 'private' ? 2 : 1;
    this.frames += (means.order === 9 ? to - from : entry.count) * backed;
    if (means.device < 0) return;
    this.windowStart = Math.min(this.windowStart, from);
    this.windowEnd = Math.max(this.windowEnd, to);
  }

  check(problems: Problems): void {
    const tables = (this.areas.size + (this.s.tables?.length ?? 0)) * (1 + this.children);
    const most = (what: string, got: number, limit: number): void => {
      if (got > limit)
        problems.add('entries', `at most ${limit} ${what}`, got, `the entries need ${got} ${what}: at most ${limit}.`);
    };
    most('page-table pages', tables, LIMIT.TABLES);
    most('mapped pages', this.pages, LIMIT.PAGES);
    most('page frames', this.frames, LIMIT.FRAMES);
    most('forked processes', this.children, LIMIT.CHILDREN);
    most('pages in a device’s page table', this.windowEnd - this.windowStart, LIMIT.WINDOW);
  }
}
