import { type EntryLevel, type Reading, readEntry } from './explain-entry.ts';
import { type HmmReader, readHmm, readMigrate } from './explain-pfn.ts';
import { decodeFields, type Field, type Layout } from './field.ts';
import { HMM_2016_EARLY_LAYOUT, HMM_2016_LAYOUT } from './hmm-pfn-2016.ts';
import { SWP_ENTRY_LAYOUT } from './swp-layout.ts';

/** How to read a word. `-dp` follows the device-private page frame series; `hmm-v7` shares the layout of `hmm-v2`. */
export type WordForm =
  | EntryLevel
  | `${EntryLevel}-dp`
  | `hmm-${HmmReader}`
  | 'hmm-2016'
  | 'hmm-2016-early'
  | 'migrate'
  | 'migrate-dp'
  | 'migrate-dst'
  | 'migrate-dst-dp'
  | 'migrate-2019'
  | 'swp-entry';

/** One field of an explained word. */
export interface ExplainedField {
  readonly name: string;
  /** The kernel's full name, if it has one. */
  readonly kernel?: string;
  readonly bit: number;
  readonly width: number;
  readonly value: bigint;
  /** The value as text: 0 or 1 for a flag, hexadecimal for frames and offsets, decimal for the rest. */
  readonly shown: string;
  readonly meaning: string;
  /** The bits hold the value inverted. */
  readonly inverted: boolean;
  /** Nothing lives here. */
  readonly reserved: boolean;
}

/** A word taken apart; the fields cover all 64 bits, lowest first, without gaps or overlaps. */
export interface Explanation {
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  readonly fields: readonly ExplainedField[];
}

/** Takes a 64-bit word apart for a reader, choosing the layout by what the word itself says it is. */
export function explainWord(word: bigint, as: WordForm): Explanation {
  const { kind, layout, summary } = read(word, as);
  const fields = decodeFields(layout, word).map(({ field, value, meaning }) => ({
    name: field.name,
    ...(field.kernel === undefined ? {} : { kernel: field.kernel }),
    bit: field.bit,
    width: field.width,
    value,
    shown: shown(field, value),
    meaning,
    inverted: field.inverted ?? false,
    reserved: field.reserved ?? false,
  }));
  return { kind, title: layout.title, summary, fields };
}

function shown(field: Field, value: bigint): string {
  return field.hex ? `0x${value.toString(16)}` : `${value}`;
}

function read(word: bigint, as: WordForm): Reading {
  switch (as) {
    case 'pte':
    case 'pmd':
    case 'pud':
      return readEntry(word, as, false);
    case 'pte-dp':
      return readEntry(word, 'pte', true);
    case 'pmd-dp':
      return readEntry(word, 'pmd', true);
    case 'pud-dp':
      return readEntry(word, 'pud', true);
    case 'hmm-mainline':
      return readHmm(word, 'mainline');
    case 'hmm-rfc':
      return readHmm(word, 'rfc');
    case 'hmm-v2':
      return readHmm(word, 'v2');
    case 'hmm-v7':
      return readHmm(word, 'v7');
    case 'hmm-v2-dp':
      return readHmm(word, 'v2-dp');
    case 'hmm-dp':
      return readHmm(word, 'dp');
    case 'hmm-2016':
      return readPlain(word, HMM_2016_LAYOUT);
    case 'hmm-2016-early':
      return readPlain(word, HMM_2016_EARLY_LAYOUT);
    case 'migrate':
      return readMigrate(word, 'v619', false);
    case 'migrate-dp':
      return readMigrate(word, 'dp', false);
    case 'migrate-dst':
      return readMigrate(word, 'v619', true);
    case 'migrate-dst-dp':
      return readMigrate(word, 'dp', true);
    case 'migrate-2019':
      return readMigrate(word, 'y2019', false);
    case 'swp-entry':
      return readPlain(word, SWP_ENTRY_LAYOUT);
    default:
      return unreachable(as);
  }
}

/** A word whose fields say it all: the flags that are set and the numbers. */
function readPlain(word: bigint, layout: Layout): Reading {
  const parts = decodeFields(layout, word).flatMap(({ field, value }) => {
    if (field.width === 1) return value === 1n && !field.reserved ? [field.name] : [];
    return field.reserved ? [] : [`${field.name} ${shown(field, value)}`];
  });
  return { kind: word === 0n ? 'nothing' : layout.id, layout, summary: word === 0n ? 'nothing' : parts.join(', ') };
}

function unreachable(form: never): never {
  throw new RangeError(`unknown word form ${String(form)}`);
}
