import { GoldenError } from './golden-format.ts';
import { splitName } from './page-ids.ts';

/** A page-table entry as a measured file writes it, for instance `migr-w:S0 YD`. */
export interface EntryText {
  readonly kind:
    | 'none'
    | 'table'
    | 'present'
    | 'huge'
    | 'huge-zero'
    | 'zero'
    | 'swap'
    | 'marker'
    | 'devexcl'
    | 'migration'
    | 'device';
  /** page or swap slot; '' when it names none */
  readonly id: string;
  /** read, readable exclusive, write: of migration and device entries */
  readonly mode: 'r' | 'rx' | 'w';
  readonly write: boolean;
  readonly young: boolean;
  readonly dirty: boolean;
  readonly special: boolean;
}

const KINDS: Readonly<Record<string, EntryText['kind']>> = {
  none: 'none',
  table: 'table',
  present: 'present',
  huge: 'huge',
  'huge-zero': 'huge-zero',
  zero: 'zero',
  swap: 'swap',
  marker: 'marker',
  devexcl: 'devexcl',
  'devexcl-r': 'devexcl',
  'devexcl-w': 'devexcl',
  'migr-r': 'migration',
  'migr-rx': 'migration',
  'migr-w': 'migration',
  'devpriv-r': 'device',
  'devpriv-w': 'device',
};

/** Reads an entry's text; `place` is named when it cannot be read. */
export function parseEntryText(text: string, place: string): EntryText {
  const { before, id, after } = splitName(text);
  const word = before.replace(/[: ].*$/, '');
  const kind = KINDS[word];
  if (!kind) throw new GoldenError(`${place}: unknown entry ${JSON.stringify(text)}`);
  const flags = id === '' ? '' : after.trim();
  return {
    kind,
    id,
    mode: word.endsWith('-w') ? 'w' : word.endsWith('-rx') ? 'rx' : 'r',
    write: flags.includes('W') || word.endsWith('-w'),
    young: flags.includes('Y'),
    dirty: flags.includes('D'),
    special: flags.includes('S'),
  };
}
