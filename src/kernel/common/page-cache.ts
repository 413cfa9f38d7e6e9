import { F, PG } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit } from '../kernel.ts';
import { clearFlag, folioHas, folio_nr_pages, folio_put, setFlag } from './folio.ts';

/*
 * The page cache. A file is an object in the bank of integers; its id is the number of its first cell:
 *
 *   id + 0   pages the file has (an access beyond them is SIGBUS)
 *   id + 1   kind: 0 tmpfs (shmem), 1 a file system with buffers on the page (ext2)
 *   id + 2…  one folio id per page of the file, 0 where the page is not in the cache
 *
 * V.FILE of a VMA and F.MAPPING of a folio hold id + 1, so that 0 means "no file".
 */

/** Kinds of files the cache knows: they differ in what holds references on a cached folio. */
export const FILE_KIND = { SHMEM: 0, REGULAR: 1 } as const;
export type FileKind = (typeof FILE_KIND)[keyof typeof FILE_KIND];

const PAGES = 0;
const KIND = 1;
const SLOTS = 2;

/** A file of `pages` pages with nothing in the cache; gives its id. */
export function newFile(m: Machine, pages: number, kind: FileKind): number {
  const file = m.newInts(SLOTS + pages);
  m.ints.set(file + PAGES, pages);
  m.ints.set(file + KIND, kind);
  return file;
}

/** Size of a file in pages. */
export const filePages = (m: Machine, file: number): number => m.ints.get(file + PAGES);

/** FILE_KIND of a file. */
export const fileKind = (m: Machine, file: number): number => m.ints.get(file + KIND);

/** filemap_get_folio(): the cached folio of a file page without taking a reference; 0 when there is none. */
export function filemap_get(m: Machine, file: number, index: number): number {
  return index < 0 || index >= filePages(m, file) ? 0 : m.ints.get(file + SLOTS + index);
}

/**
 * filemap_add_folio(): puts a folio into the cache at `index` (and the pages after it, if it is large).
 * The cache holds one reference per page, a file system with buffers one more; both are added here.
 * Throws a RangeError when the folio does not fit into the file.
 */
export function filemap_add(m: Machine, file: number, index: number, f: number): void {
  const nr = folio_nr_pages(m, f);
  if (index < 0 || index + nr > filePages(m, file))
    throw new RangeError(`page ${index} of a file of ${filePages(m, file)} pages: ${nr} pages do not fit there`);
  const regular = fileKind(m, file) === FILE_KIND.REGULAR;
  for (let i = 0; i < nr; i++) m.ints.set(file + SLOTS + index + i, f);
  m.setF(f, F.MAPPING, file + 1);
  m.setF(f, F.INDEX, index);
  setFlag(m, f, PG.UPTODATE | (regular ? PG.FILE | PG.PRIVATE : PG.SHMEM));
  m.setF(f, F.REF, m.f(f, F.REF) + nr + (regular ? 1 : 0));
}

/** A large folio of the cache has been divided: each of its pages is that of its piece from now on. */
export function filemap_divided(m: Machine, pieces: readonly number[]): void {
  for (const f of pieces) m.ints.set(m.f(f, F.MAPPING) - 1 + SLOTS + m.f(f, F.INDEX), f);
}

const R = sites('filemap_release_folio', {
  enter: 'the file system gives up what it keeps at {a:folio folio}',
  nothing: 'it keeps nothing',
  dirty: 'a dirty buffer cannot be freed',
  put: 'the buffers are freed, and their reference with them',
  exit: '',
});

/**
 * filemap_release_folio() (mm/filemap.c), with try_to_free_buffers() (fs/buffer.c) as what the file system does: dirty
 * buffers are busy. The folio is locked and not under writeback. @returns false when something is kept.
 */
export function filemap_release_folio(k: Kernel, f: number): boolean {
  const { m } = k;
  enter(k, R.enter, f);
  if (!folioHas(m, f, PG.PRIVATE)) at(k, R.nothing);
  else if (folioHas(m, f, PG.DIRTY)) {
    at(k, R.dirty);
    return exit(k, R.exit, 0, f) !== 0;
  } else {
    clearFlag(m, f, PG.PRIVATE);
    folio_put(k, R.put, f);
  }
  return exit(k, R.exit, 1, f) !== 0;
}
