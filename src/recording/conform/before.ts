import { type EntryText, parseEntryText } from './entry-text.ts';
import { expandEvents } from './expand.ts';
import { type Golden, type GoldenEvent, GoldenError } from './golden-format.ts';
import { pageOfLarge, splitName } from './page-ids.ts';

/** What a file says of the folio behind an entry. */
export interface FolioText {
  /** name of its first page */
  readonly id: string;
  readonly order: number;
  readonly ref: number;
  /** mappings in all processes */
  readonly map: number;
  /** L locked, R on an LRU list, A anonymous, X exclusive, C swap cache, D dirty, M mlocked, P private, H coherent */
  readonly flags: string;
}

/** One PTE, or one PMD of which `count` pages lie in the range. */
export interface BeforeEntry {
  readonly page: number;
  readonly count: number;
  readonly entry: EntryText;
  /** absent for empty, table, swap and zero-page entries */
  readonly folio?: FolioText;
  /** not even the PMD table exists */
  readonly noPud: boolean;
}

/** The page table before the first operation. */
export interface Before {
  readonly pmds: readonly BeforeEntry[];
  readonly ptes: readonly BeforeEntry[];
  /** pages from the start of the 2 MiB area in which page 0 lies */
  readonly offset: number;
}

const PMD_PAGES = 512;

/** Reads `before.pt`. */
export function readBefore(golden: Golden): Before {
  const pmds: BeforeEntry[] = [];
  const ptes: BeforeEntry[] = [];
  expandEvents(golden.before.pt, 'before.pt').forEach((event, i) => {
    const place = `before.pt (entry ${i})`;
    if (event.e === 'pmd') pmds.push(read(event, event.f as GoldenEvent | undefined, number(event, 'n', place), place));
    else if (event.e === 'pte') ptes.push(read(event, event.folio === undefined ? undefined : event, 1, place));
    else throw new GoldenError(`${place}: expected pmd or pte, got ${event.e}`);
  });
  return { pmds, ptes, offset: offsetOfRange(golden, pmds) };
}

function number(event: GoldenEvent, key: string, place: string): number {
  const value = event[key];
  if (typeof value !== 'number') throw new GoldenError(`${place}.${key}: expected a number`);
  return value;
}

function text(event: GoldenEvent, key: string, place: string): string {
  const value = event[key];
  if (typeof value !== 'string') throw new GoldenError(`${place}.${key}: expected a text`);
  return value;
}

function read(event: GoldenEvent, folio: GoldenEvent | undefined, count: number, place: string): BeforeEntry {
  const entry = parseEntryText(text(event, 'val', place), place);
  const plain = { page: number(event, 'p', place), count, entry, noPud: event.nopud === 1 };
  if (!folio || entry.kind === 'zero' || entry.kind === 'huge-zero') return plain;
  return {
    ...plain,
    folio: {
      id: text(folio, 'folio', place),
      order: number(folio, 'order', place),
      ref: number(folio, 'ref', place),
      map: number(folio, 'map', place),
      flags: text(folio, 'fl', place),
    },
  };
}

/**
 * Where page 0 lies in its 2 MiB area. A second PMD in the range says it at once; else the page map
 * of a huge page (T0+100 for page 0); else the mapping, which the measuring program begins aligned.
 */
function offsetOfRange(golden: Golden, pmds: readonly BeforeEntry[]): number {
  const second = pmds.find((p) => p.page > 0);
  if (second) return mod(-second.page);
  const first = pmds[0];
  if (first && (first.entry.kind === 'huge' || first.entry.kind === 'huge-zero' || first.folio)) {
    const run = golden.before.pagemap.find((r) => r.i <= first.page && first.page < r.i + r.n);
    const part = run && pageOfLarge(splitName(run.v).id);
    if (part) return mod(part.offset + (run.inc === undefined ? 0 : first.page - run.i));
  }
  const start = Math.min(0, ...golden.before.vmas.map((vma) => vma.vma[0]));
  return mod(-start);
}

const mod = (n: number): number => ((n % PMD_PAGES) + PMD_PAGES) % PMD_PAGES;
