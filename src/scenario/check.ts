import { checkEntries } from './check-entries.ts';
import { checkOperations } from './check-operations.ts';
import { checkDevice, checkRequest } from './check-request.ts';
import { checkSpan, USER_PAGES } from './check-span.ts';
import { Problems, type ScenarioProblem } from './error.ts';
import { LIMIT } from './limits.ts';
import { pageOfBase } from './place.ts';
import type { Scenario, ScenarioVma } from './types.ts';

/** Everything that keeps a well-formed scenario from being a state of the machine; empty when it can be built. */
export function checkScenario(s: Scenario): readonly ScenarioProblem[] {
  const problems = new Problems();
  checkBase(s, problems);
  checkVmas(s, problems);
  checkRequest(s.request, 'request', problems);
  checkConditions(s, problems);
  checkOperations(s.program ?? [], 'program', problems);
  // What follows relies on sane numbers and VMAs.
  if (problems.list.length === 0) checkEntries(s, problems);
  return problems.list;
}

function checkBase(s: Scenario, problems: Problems): void {
  if (!/^0x[0-9a-f]{1,12}$/i.test(s.base)) {
    const message = `"${s.base}" is no address: expected hexadecimal with 0x and at most 12 digits.`;
    problems.add('base', 'an address such as 0x200000000', s.base, message);
  } else if (Number.parseInt(s.base, 16) % 4096 !== 0) {
    problems.add(
      'base',
      'a multiple of 0x1000',
      s.base,
      `${s.base} is not page aligned: the last three digits must be 0.`,
    );
  } else if (pageOfBase(s.base) >= USER_PAGES) {
    problems.add(
      'base',
      'below 0x800000000000',
      s.base,
      `${s.base} lies above user space, which ends at 0x7fffffffffff.`,
    );
  }
}

function checkVmas(s: Scenario, problems: Problems): void {
  if (s.vmas.length > LIMIT.VMAS) {
    problems.add(
      'vmas',
      `at most ${LIMIT.VMAS}`,
      s.vmas.length,
      `${s.vmas.length} VMAs are too many: at most ${LIMIT.VMAS}.`,
    );
    return;
  }
  let filePages = 0;
  s.vmas.forEach((vma, i) => {
    const path = `vmas[${i}]`;
    if (!checkSpan(s.base, path, vma.start, vma.end, problems)) return;
    checkVma(s, vma, path, problems);
    if (vma.kind === 'file' || vma.kind === 'shmem') filePages += vma.end - vma.start;
  });
  if (filePages > LIMIT.FILE_PAGES) {
    const message = `the VMAs map ${filePages} pages of files: at most ${LIMIT.FILE_PAGES}.`;
    problems.add('vmas', `at most ${LIMIT.FILE_PAGES} pages of files`, filePages, message);
  }
  const order = s.vmas
    .map((_, i) => i)
    .toSorted((a, b) => (s.vmas[a] as ScenarioVma).start - (s.vmas[b] as ScenarioVma).start);
  for (let n = 1; n < order.length; n++) {
    const i = order[n] as number;
    const j = order[n - 1] as number;
    const [before, vma] = [s.vmas[j] as ScenarioVma, s.vmas[i] as ScenarioVma];
    if (vma.start >= before.end) continue;
    const message = `the VMA [${vma.start}, ${vma.end}) overlaps vmas[${j}], [${before.start}, ${before.end}).`;
    problems.add(`vmas[${i}]`, `a start of ${before.end} or more`, vma.start, message);
  }
}

function checkVma(s: Scenario, vma: ScenarioVma, path: string, problems: Problems): void {
  if (!/^[r-][w-][x-][ps]$/.test(vma.perms)) {
    const message = `"${vma.perms}" are no permissions: expected four letters as in /proc/PID/maps, such as rw-p.`;
    problems.add(`${path}.perms`, 'permissions such as rw-p', vma.perms, message);
  } else if (vma.kind === 'anon' && vma.perms.endsWith('s')) {
    const message = 'shared anonymous memory is shared memory to the kernel: say kind shmem.';
    problems.add(`${path}.kind`, 'shmem', 'anon', message);
  }
  const first = pageOfBase(s.base);
  if (vma.kind === 'hugetlb' && ((first + vma.start) % 512 !== 0 || (first + vma.end) % 512 !== 0)) {
    const message = `[${vma.start}, ${vma.end}) does not begin and end on 2 MiB, as a hugetlb mapping must.`;
    problems.add(path, '2 MiB alignment', `[${vma.start}, ${vma.end})`, message);
  }
  if (vma.flags?.includes('hugepage') === true && vma.flags.includes('nohugepage')) {
    problems.add(`${path}.flags`, 'one of them', 'hugepage, nohugepage', 'hugepage and nohugepage exclude each other.');
  }
}

function checkConditions(s: Scenario, problems: Problems): void {
  const conditions = s.conditions ?? {};
  conditions.openDevices?.forEach((d, i) => checkDevice(d, `conditions.openDevices[${i}]`, problems));
  conditions.failAlloc?.forEach((d, i) => checkDevice(d, `conditions.failAlloc[${i}]`, problems));
  if ((conditions.rivals?.length ?? 0) > LIMIT.RIVALS) {
    const message = `at most ${LIMIT.RIVALS} rivals can run beside the walker.`;
    problems.add('conditions.rivals', `at most ${LIMIT.RIVALS}`, conditions.rivals?.length ?? 0, message);
  }
  conditions.rivals?.forEach((rival, i) => {
    const path = `conditions.rivals[${i}]`;
    checkSpan(s.base, path, rival.start, rival.end, problems);
    if (rival.end - rival.start > LIMIT.PAGES) {
      problems.add(path, `at most ${LIMIT.PAGES} pages`, rival.end - rival.start, 'the rival works on too many pages.');
    }
    if (rival.device !== undefined) checkDevice(rival.device, `${path}.device`, problems);
  });
}
