import { memory } from '../../scenario/notation.ts';
import type { ScenarioEntry } from '../../scenario/types.ts';

/** What may lie on one page (or, huge, on one 2 MiB area) of a small memory. */
export interface Word {
  /** as in notation.ts where it has the word, in small letters otherwise */
  readonly name: string;
  /** whole 2 MiB area */
  readonly huge: boolean;
  /** device memory of device 0 or 1 */
  readonly device: boolean;
  /** device-coherent memory */
  readonly coherent: boolean;
  /** a page of a large folio of which no other page need be mapped; equal words are pages of the same folio */
  readonly part: boolean;
  /** what lies there; pages count from the word's own first page */
  readonly entries: readonly ScenarioEntry[];
}

const USED = { young: true, dirty: true } as const;
const BIG = { page: 0, count: 512, level: 'pmd' } as const;
const OWN: ScenarioEntry = {
  page: 0,
  count: 2,
  level: 'pte',
  kind: 'present',
  write: true,
  ...USED,
  folio: { exclusive: true },
};
/** The rest of a large folio, mapped by PTEs behind pages that took the place of its first ones. */
const REST: ScenarioEntry = {
  ...OWN,
  page: 2,
  count: 510,
  folioPage: 2,
  folio: { order: 9, exclusive: true, dirty: true },
};

/** Entries for which notation.ts has no word. */
const MORE: Readonly<Record<string, ScenarioEntry | readonly ScenarioEntry[]>> = {
  // NUMA hinting
  p: { page: 0, count: 1, level: 'pte', kind: 'present', protnone: true, young: true, folio: { exclusive: true } },
  w: { page: 0, count: 1, level: 'pte', kind: 'hwpoison' },
  // what is left of a large folio, of system memory and of device memory
  l: { ...OWN, count: 1, folio: { order: 9, exclusive: true, dirty: true } },
  d: {
    page: 0,
    count: 1,
    level: 'pte',
    kind: 'device',
    write: true,
    folio: { order: 9, device: 0, exclusive: true, dirty: true },
  },
  Th: { ...BIG, kind: 'present', write: true, folio: { memory: 'coherent', device: 2, exclusive: true } },
  Tp: { ...BIG, kind: 'present', protnone: true, young: true, folio: { exclusive: true } },
  // nothing at all: not even the PMD table is there
  TO: [],
  Tm: { ...BIG, kind: 'migration', migration: 'w', ...USED },
  // device memory of one large folio, mapped by PTEs
  Td: {
    page: 0,
    count: 512,
    level: 'pte',
    kind: 'device',
    write: true,
    folio: { order: 9, device: 0, exclusive: true, dirty: true },
  },
  // small pages, then a large folio mapped by PTEs; and the same with the large folio locked by somebody
  Ts: [OWN, REST],
  Tl: [OWN, { ...REST, folio: { ...REST.folio, locked: true } }],
};

function word(name: string): Word {
  const entries = [MORE[name] ?? memory(name)].flat();
  const [first] = entries;
  return {
    name,
    huge: name.startsWith('T'),
    device: first?.kind === 'device',
    coherent: first?.folio?.memory === 'coherent',
    part: first?.count === 1 && first.folio?.order === 9,
    entries,
  };
}

/** What a page may hold, the plainest first. */
export const SMALL: readonly Word[] = 'P N S Z R C D E G V H L K M p w l d'.split(' ').map(word);
/** What a 2 MiB area may hold. */
export const HUGE: readonly Word[] = 'T TN TO TP TD TQ TC TR TL TG TZ TE Ts Tl Td Th Tp Tm'.split(' ').map(word);

/** A word by its name. @throws {RangeError} when there is none */
export function wordNamed(name: string): Word {
  const found = [...SMALL, ...HUGE].find((w) => w.name === name);
  if (found === undefined) throw new RangeError(`memory word ${name} is unknown`);
  return found;
}
