import type { ScenarioEntry } from './types.ts';

/*
 * A line of text for a stretch of memory, for the library and for tests: one word for each page or, with T, for each
 * 2 MiB area; `*n` repeats a word.
 *
 *   P present, writable, exclusive   R the same, but read-only         C shared with a forked child
 *   Z zero page                      N none                            S swapped out
 *   D page of device 0, writable     E page of device 1, writable      H device-coherent page of device 2
 *   L locked by somebody             G pinned by GUP                   V held by vmsplice (one more reference)
 *   F page of the mapped file        M under migration by somebody     K guard marker
 *
 *   T a THP; a second letter says more: TC TL TG TD TE as above, TR read-only, TZ huge zero page,
 *   TN nothing (the PMD table is there), TP mapped by PTEs, TQ mapped by PTEs and pinned
 */

type Word = Omit<ScenarioEntry, 'page' | 'count'>;

const USED = { young: true, dirty: true } as const;
const OWN = { level: 'pte', kind: 'present', write: true, ...USED } as const;
const DEVICE = { level: 'pte', kind: 'device', write: true } as const;
const HUGE = { level: 'pmd', kind: 'present', write: true, ...USED } as const;
const HUGE_DEVICE = { level: 'pmd', kind: 'device', write: true } as const;

const WORDS: Readonly<Record<string, Word>> = {
  P: { ...OWN, folio: { exclusive: true } },
  R: { level: 'pte', kind: 'present', ...USED, folio: { exclusive: true } },
  C: { level: 'pte', kind: 'present', ...USED, folio: { sharedBy: 1 } },
  Z: { level: 'pte', kind: 'zero', young: true },
  N: { level: 'pte', kind: 'none' },
  S: { level: 'pte', kind: 'swap' },
  D: { ...DEVICE, folio: { device: 0, exclusive: true, dirty: true } },
  E: { ...DEVICE, folio: { device: 1, exclusive: true, dirty: true } },
  H: { ...OWN, folio: { memory: 'coherent', device: 2, exclusive: true, dirty: true } },
  L: { ...OWN, folio: { exclusive: true, locked: true } },
  G: { ...OWN, folio: { exclusive: true, pins: 1 } },
  V: { ...OWN, folio: { exclusive: true, extraRefs: 1 } },
  F: { ...OWN, folio: { anon: false, dirty: true } },
  M: { level: 'pte', kind: 'migration', migration: 'w', ...USED },
  K: { level: 'pte', kind: 'marker', marker: 'guard' },
  T: { ...HUGE, folio: { exclusive: true } },
  TR: { level: 'pmd', kind: 'present', young: true, folio: { exclusive: true } },
  TC: { level: 'pmd', kind: 'present', ...USED, folio: { sharedBy: 1 } },
  TL: { ...HUGE, folio: { exclusive: true, locked: true } },
  TG: { ...HUGE, folio: { exclusive: true, pins: 1 } },
  TD: { ...HUGE_DEVICE, folio: { device: 0, exclusive: true, dirty: true } },
  TE: { ...HUGE_DEVICE, folio: { device: 1, exclusive: true, dirty: true } },
  TZ: { level: 'pmd', kind: 'zero', young: true },
  TN: { level: 'pmd', kind: 'none' },
  TP: { ...OWN, folio: { order: 9, exclusive: true, dirty: true } },
  TQ: { ...OWN, folio: { order: 9, exclusive: true, dirty: true, pins: 1 } },
};

/**
 * The entries that a line of words describes, from page `from` on; equal neighbours become one stretch.
 * @throws {RangeError} naming the word that is not in the table
 */
export function memory(line: string, from = 0): readonly ScenarioEntry[] {
  if (line.trim() === '') return [];
  const entries: ScenarioEntry[] = [];
  let page = from;
  let before: Word | undefined;
  line
    .trim()
    .split(/\s+/)
    .forEach((text, i) => {
      const [, name = '', times = '1'] = /^([A-Z]{1,2})(?:\*(\d{1,7}))?$/.exec(text) ?? [];
      const word = WORDS[name];
      if (word === undefined) {
        throw new RangeError(
          `memory word ${i}, "${text}": expected one of ${Object.keys(WORDS).join(' ')}, with *n to repeat it`,
        );
      }
      const count = Number(times) * (name.startsWith('T') ? 512 : 1);
      const last = entries.at(-1);
      if (last !== undefined && word === before) entries[entries.length - 1] = { ...last, count: last.count + count };
      else entries.push({ page, count, ...word });
      page += count;
      before = word;
    });
  return entries;
}
