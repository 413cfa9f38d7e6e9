import type { Choice } from './choose.ts';
import type { Shared } from './sharing.ts';
import { hex, size } from './span.ts';
import type { Tally } from './tally.ts';
import type { Capture } from './types.ts';

const FACTS: Readonly<Record<Capture['missing'][number], string>> = {
  'page-frames': 'page frames and swap slots',
  kpageflags: 'the flags and orders of folios',
  kpagecount: 'how often a page is mapped',
  'soft-dirty': 'soft-dirty bits (the kernel does not keep them)',
  'pagemap-scan': 'which areas a PMD entry maps',
  ksm: 'KSM pages',
  smaps: 'the counters of smaps',
};

/** One or two sentences of what the memory holds, for the scenario. */
export function about(c: Capture, choice: Choice, tally: Tally): string {
  const parts = [
    some(tally.pmd, 'area of 2 MiB mapped by a PMD entry', 'areas of 2 MiB mapped by a PMD entry'),
    some(tally.largePtes, 'page of a large folio mapped by a PTE', 'pages of large folios mapped by PTEs'),
    some(tally.swap, 'swapped page', 'swapped pages'),
    some(tally.zero, 'zero page', 'zero pages'),
    some(tally.shared, 'page shared with other processes', 'pages shared with other processes'),
    some(tally.file, 'page of files', 'pages of files'),
  ].filter((part) => part !== '');
  const has = parts.length === 0 ? '' : `, among them ${parts.join(', ')}`;
  const range = `${hex(choice.walk.start)}-${hex(choice.walk.end)}`;
  return `Memory of a real process, captured on Linux ${c.kernel}: ${tally.present} present pages around ${range}${has}. What the pages hold was not captured.`;
}

function some(n: number, one: string, many: string): string {
  if (n === 0) return '';
  return `${n} ${n === 1 ? one : many}`;
}

/** What the person should know about the way from the capture to the scenario: what was chosen, inferred, left out. */
export function describeRules(c: Capture, tally: Tally, shared: Shared): string[] {
  const notes: string[] = [];
  const say = (when: boolean, text: string): void => {
    if (when) notes.push(text);
  };
  const missing = c.missing.map((fact) => FACTS[fact]).join('; ');
  say(c.privilege === 'user', `The capture was made without root. Missing: ${missing}.`);
  say(c.privilege === 'root' && c.missing.length > 0, `The kernel did not tell: ${missing}.`);
  say(c.truncatedAt !== undefined, `The capture ends early, at ${c.truncatedAt ?? ''}: it reached the script's limit.`);
  say(c.machine !== 'x86_64', `The capture comes from ${c.machine}; its page tables are shown as x86-64 ones.`);
  notes.push('What the pages hold was not captured: their contents here are made up.');
  notes.push(
    'Write permission of an entry cannot be read: an anonymous page that one process maps counts as exclusive and, if its VMA is writable, writable, unless soft-dirty tracking or userfaultfd protects it; a shared one is read-only.',
    'Accessed and dirty bits of an entry cannot be read: entries count as accessed unless smaps says that nothing in the mapping was, and anonymous ones as dirty.',
    'Page tables that map nothing cannot be seen: there are none here.',
  );
  say(tally.swap > 0, 'Swapped pages count as not in the swap cache. Who shares a slot follows from SwapPss of smaps.');
  say(
    shared.most > 0,
    `Pages that other processes map too are shared with ${shared.processes} forked process${shared.processes === 1 ? '' : 'es'}, at the same addresses${shared.most > shared.processes ? ` (up to ${shared.most} in the capture)` : ''}.`,
  );
  say(
    tally.sharedUnknown > 0,
    `How many processes share ${tally.sharedUnknown} of the pages is unknown: one is assumed.`,
  );
  say(
    tally.otherOrders > 0,
    `${tally.otherOrders} pages belong to folios of other orders than 0 and 9 (a size this model does not have): they are single pages here.`,
  );
  say(
    tally.outOfLine > 0,
    `${tally.outOfLine} pages of 2 MiB folios are out of line with the folio or leave their mapping: they are single pages here.`,
  );
  say(
    tally.guessedPmds > 0,
    `smaps counts fewer PMD entries than there are full areas: ${tally.guessedPmds} were taken in the order of their addresses.`,
  );
  say(tally.hugetlb > 0, 'Pages of hugetlb mappings are 2 MiB pages here, whatever their size.');
  say(tally.special > 0, 'Pages of drivers and of the kernel ([vdso] …) are special mappings without folios here.');
  say(
    tally.dropped > 0,
    `${tally.dropped} entries have no counterpart in this model (migration entries, swapped shared memory …) and are left empty.`,
  );
  say(
    tally.clipped > 0,
    `Of ${tally.clipped} mapping${tally.clipped === 1 ? '' : 's'} only the part around the walk is shown.`,
  );
  say(
    tally.leftOut > 0,
    `${tally.leftOut} captured mapping${tally.leftOut === 1 ? ' is' : 's are'} far from the walk and left out.`,
  );
  return notes;
}

/** Title of the scenario. */
export function title(c: Capture, choice: Choice): string {
  return `Captured memory: ${size(choice.walk.end - choice.walk.start)} on Linux ${c.kernel}`.slice(0, 200);
}
