const KINDS: Readonly<Record<string, string>> = {
  none: 'nothing',
  table: 'a pointer to a table',
  present: 'a mapping of',
  protnone: 'a mapping without access of',
  zero: 'the zero page',
  huge: 'a huge mapping of',
  'huge-zero': 'the huge zero page',
  'huge-protnone': 'a huge mapping without access of',
  invalidated: 'a huge mapping without its present bit, of',
  'migr-r': 'a migration entry (read) for',
  'migr-rx': 'a migration entry (read, exclusive) for',
  'migr-w': 'a migration entry (write) for',
  'migr-dev-r': 'a migration entry of device memory (read) for',
  'migr-dev-rx': 'a migration entry of device memory (read, exclusive) for',
  'migr-dev-w': 'a migration entry of device memory (write) for',
  'devpriv-r': 'a device-private entry (read) for',
  'devpriv-w': 'a device-private entry (write) for',
  devexcl: 'a device-exclusive entry for',
  swap: 'a swap entry,',
};
const FLAGS: Readonly<Record<string, string>> = {
  W: 'writable',
  Y: 'young',
  D: 'dirty',
  S: 'special',
  d: 'soft-dirty',
  u: 'uffd-wp',
};

/** An entry as entryText() writes it, in words and then as it is: ``a migration entry (write) for S0, young `migr-w:S0 Y` ``. */
export function entryWords(text: string): string {
  const [, kind = '', frame = '', flags = ''] = /^([\w-]+)(?::(\S+))?(?: (.+))?$/.exec(text) ?? [];
  const words = KINDS[kind];
  if (words === undefined || text === 'none') return words ?? text;
  const named = words.endsWith('page') || kind === 'table' ? words : `${words} ${frame}`;
  const bits = flags.split('').flatMap((f) => FLAGS[f] ?? []);
  const readOnly = /^(present|huge)$/.test(kind) && !flags.includes('W') ? ['read-only'] : [];
  return `${[named, ...readOnly, ...bits].join(', ')} \`${text}\``;
}

const SWAPPED: readonly (readonly [string, string])[] = [
  ['migr-w', 'migr-r'],
  ['migr-rx', 'migr-w'],
  ['migr-r', 'migr-w'],
  ['migr-dev-w', 'migr-dev-r'],
  ['migr-dev-r', 'migr-dev-w'],
  ['devpriv-w', 'devpriv-r'],
  ['devpriv-r', 'devpriv-w'],
];

/** Entries that differ from this one in a single respect: the permission, the bits, presence. */
export function entryVariants(text: string): readonly string[] {
  const [, kind = '', rest = ''] = /^([\w-]+)(.*)$/.exec(text) ?? [];
  const [frame = '', flags = ''] = rest.split(' ');
  const with_ = (k: string, f: string): string => `${k}${frame}${f === '' ? '' : ` ${f}`}`;
  const out: string[] = [];
  const other = SWAPPED.find(([k]) => k === kind)?.[1];
  if (other !== undefined) out.push(with_(other, flags));
  if (kind === 'present' || kind === 'huge') {
    out.push(
      with_(kind, flags.includes('W') ? flags.replace('W', '') : `W${flags}`),
      with_('migr-w', flags.replace('W', '')),
    );
  }
  if (kind.startsWith('migr')) out.push(with_('present', `W${flags}`));
  if (kind.startsWith('devpriv')) out.push(with_('present', 'WYD'));
  if (flags.includes('D')) out.push(with_(kind, flags.replace('D', '')));
  if (text !== 'none') out.push('none');
  return out;
}
