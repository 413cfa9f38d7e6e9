import type { Problems } from './error.ts';
import { LIMIT } from './limits.ts';
import type { Meaning } from './resolve.ts';
import type { Scenario, ScenarioEntry, ScenarioFolio, ScenarioVma } from './types.ts';

/** Objects to a folio that cannot be behind the entry. */
export function checkFolio(
  s: Scenario,
  entry: ScenarioEntry,
  vma: ScenarioVma,
  means: Meaning,
  path: string,
  problems: Problems,
): void {
  const at = `${path}.folio`;
  checkMemory(s, entry, means, at, problems);
  checkOrder(entry, vma, means, path, problems);
  checkSharing(entry, vma, means, at, problems);
  const { extraRefs = 0, pins = 0 } = entry.folio ?? {};
  if (extraRefs < 0 || extraRefs > LIMIT.REFS) {
    problems.add(`${at}.extraRefs`, `0 to ${LIMIT.REFS}`, extraRefs, `${extraRefs} extra references are out of range.`);
  }
  if (pins < 0 || pins > LIMIT.REFS / 1000) {
    problems.add(`${at}.pins`, `0 to ${LIMIT.REFS / 1000}`, pins, `${pins} pins are out of range.`);
  }
}

function checkMemory(s: Scenario, entry: ScenarioEntry, means: Meaning, at: string, problems: Problems): void {
  const { kind } = entry;
  if (kind === 'device' && means.memory !== 'private') {
    const message = `an entry of kind device means device-private memory; ${means.memory} memory is mapped by present entries.`;
    problems.add(`${at}.memory`, 'private', means.memory, message);
  }
  if (means.memory === 'private' && kind !== 'device' && kind !== 'migration') {
    const message = `the processor cannot reach device-private memory: its entries are of kind device or migration, not ${kind}.`;
    problems.add(`${at}.memory`, 'system or coherent', 'private', message);
  }
  const wrong = means.memory === 'private' ? means.device > 1 : means.memory === 'coherent' && means.device < 2;
  if (wrong || means.device >= LIMIT.DEVICES) {
    const expected = means.memory === 'private' ? '0 or 1' : '2 or 3';
    problems.add(
      `${at}.device`,
      expected,
      means.device,
      `device ${means.device} has no ${means.memory} memory: expected ${expected}.`,
    );
  }
  if (means.memory === 'system' && entry.folio?.device !== undefined) {
    problems.add(
      `${at}.device`,
      'no device',
      entry.folio.device,
      'system memory belongs to no device: say memory private or coherent.',
    );
  }
  if (means.memory !== 'system' && (entry.folio?.lru ?? 'none') !== 'none') {
    problems.add(`${at}.lru`, 'none', entry.folio?.lru ?? '', 'device memory is on no LRU list.');
  }
  if (means.memory !== 'system' && !means.anon) {
    problems.add(`${at}.memory`, 'system', means.memory, 'only anonymous memory can be in device memory here.');
  }
  if (
    s.conditions?.openDevices !== undefined &&
    entry.mirrored === true &&
    !s.conditions.openDevices.includes(means.device)
  ) {
    const message = `device ${means.device} cannot mirror the page: the process has not opened it (conditions.openDevices).`;
    problems.add(at.replace(/folio$/, 'mirrored'), 'an open device', means.device, message);
  }
}

function checkOrder(entry: ScenarioEntry, vma: ScenarioVma, means: Meaning, path: string, problems: Problems): void {
  const at = `${path}.folio.order`;
  if (entry.level === 'pmd' && means.order !== 9) {
    problems.add(at, '9', means.order, 'a PMD entry maps a folio of order 9 (512 pages).');
  }
  if (means.order === 9 && ['swap', 'device-exclusive', 'hwpoison'].includes(entry.kind)) {
    problems.add(at, '0', 9, `behind an entry of kind ${entry.kind} this model has single pages only.`);
  }
  const from = entry.folioPage ?? 0;
  if (from < 0 || from >= 512 || (means.order === 0 && from !== 0)) {
    const expected = means.order === 0 ? '0' : '0 to 511';
    problems.add(`${path}.folioPage`, expected, from, `a folio of order ${means.order} has no page ${from}.`);
  }
  if (means.order !== 9 || means.anon || entry.level === 'pmd') return;
  // The page cache holds the whole folio, so the file must have all its pages.
  const head = entry.page - from;
  const tail = head + Math.ceil((from + entry.count) / 512) * 512;
  if (vma.kind === 'special' || head < vma.start || tail > vma.end) {
    const message = `the large folio of pages [${head}, ${tail}) is in the page cache, but the VMA maps only [${vma.start}, ${vma.end}) of its file.`;
    problems.add(at, 'a VMA around the whole folio', `[${vma.start}, ${vma.end})`, message);
  }
}

function checkSharing(entry: ScenarioEntry, vma: ScenarioVma, means: Meaning, at: string, problems: Problems): void {
  const sharedBy = entry.folio?.sharedBy ?? 0;
  if (sharedBy > 0 && entry.kind === 'swap') {
    problems.add(
      `${at}.sharedBy`,
      'slot.sharedBy',
      sharedBy,
      'who shares a swap slot is said by slot.sharedBy of the entry.',
    );
  }
  if (vma.kind === 'anon' && !means.anon) {
    problems.add(`${at}.anon`, 'true', 'false', 'an anonymous VMA maps anonymous folios only.');
  }
  if (means.anon && vma.perms.endsWith('s')) {
    problems.add(
      `${at}.anon`,
      'false',
      'true',
      `a shared mapping (${vma.perms}) maps the pages of its file, never anonymous copies.`,
    );
  }
  if (means.exclusive && !means.anon) {
    problems.add(`${at}.exclusive`, 'false', 'true', 'only anonymous pages can be exclusive.');
  }
  if (means.sharedBy < 0 || means.sharedBy > LIMIT.CHILDREN) {
    problems.add(
      `${at}.sharedBy`,
      `0 to ${LIMIT.CHILDREN}`,
      means.sharedBy,
      `${means.sharedBy} forked processes are out of range.`,
    );
  }
  if (entry.kind === 'device-exclusive' && !means.exclusive) {
    problems.add(`${at}.exclusive`, 'true', 'false', 'a page reserved for a device is exclusive to its process.');
  }
  if (means.sharedBy === 0 || !means.anon) {
    if (means.anon && entry.write === true && !means.exclusive && vma.perms.endsWith('p') && entry.kind === 'present') {
      const message =
        'a writable anonymous page is exclusive to its process (AnonExclusive): the kernel insists on it.';
      problems.add(`${at}.exclusive`, 'true', 'false', message);
    }
    return;
  }
  if (means.exclusive) {
    problems.add(`${at}.exclusive`, 'false', 'true', 'a page that a forked process maps too is not exclusive.');
  }
  if (entry.write === true) {
    problems.add(
      `${path(at)}.write`,
      'false',
      'true',
      'fork() write-protects what it shares: the entry cannot be writable.',
    );
  }
}

const path = (at: string): string => at.replace(/\.folio$/, '');

/** Attributes of the whole folio, which stretches of the same name may not contradict. */
const WHOLE = ['memory', 'device', 'anon', 'extraRefs', 'pins', 'locked', 'lru', 'dirty', 'mlocked'] as const;

/** What the stretches have said about each named folio. */
export class FolioNames {
  private readonly first = new Map<string, { path: string; head: number; folio: ScenarioFolio; level: string }>();

  check(entry: ScenarioEntry, means: Meaning, path: string, problems: Problems): void {
    const { folio } = entry;
    if (folio?.name === undefined) return;
    const head = entry.page - (entry.level === 'pmd' ? 0 : (entry.folioPage ?? 0));
    const room = means.order === 0 ? 1 : 512 - (entry.folioPage ?? 0);
    if (entry.count > room) {
      const message = `folio ${folio.name} has ${room} page${room === 1 ? '' : 's'} from there on, but the stretch has ${entry.count}: leave the name out or make it shorter.`;
      problems.add(`${path}.count`, `at most ${room}`, entry.count, message);
    }
    const known = this.first.get(folio.name);
    if (known === undefined) {
      this.first.set(folio.name, { path, head, folio, level: entry.level });
      return;
    }
    if (means.order === 0 || known.level === 'pmd' || entry.level === 'pmd') {
      const message = `folio ${folio.name} is mapped by ${known.path} already, and this process can map it only once.`;
      problems.add(`${path}.folio.name`, 'another name', folio.name, message);
    } else if (known.head !== head) {
      const message = `folio ${folio.name} begins at page ${known.head} in ${known.path}, but at page ${head} here.`;
      problems.add(`${path}.folioPage`, String(entry.page - known.head), entry.folioPage ?? 0, message);
    }
    for (const key of WHOLE) {
      if (folio[key] === undefined || known.folio[key] === folio[key]) continue;
      const message = `folio ${folio.name} has ${key} ${String(folio[key])} here, but ${String(known.folio[key] ?? 'nothing')} in ${known.path}, where it is named first.`;
      problems.add(`${path}.folio.${key}`, String(known.folio[key] ?? 'nothing'), String(folio[key]), message);
    }
  }
}
