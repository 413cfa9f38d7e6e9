import { F, G } from '../../machine/layout.ts';
import { MIGRATE_PFN_COMPOUND, MIGRATE_PFN_MIGRATE, MIGRATE_PFN_WRITE } from '../../machine/words/migrate-pfn.ts';
import { folio_nr_pages } from '../common/folio.ts';
import { migrate_device_finalize, migrate_device_pages, migrate_device_range } from '../common/migrate-device-range.ts';
import { migratePage } from '../common/migrate-words.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { wordLo } from '../unified/pfns.ts';
import { copyPages, zoneOfDevice } from './dmirror-memory.ts';
import { giveDst, newSystemDst } from './dst.ts';

const R = sites('dmirror_device_remove_chunks', {
  enter: 'device {a:device} loses its memory: everything on it has to leave',
  empty: 'nothing is on it',
  exit: '',
});
const E = sites('dmirror_device_evict_chunk', {
  enter: '{a:int npages} pages',
  skip: 'entry {a:int i} cannot be evicted now',
  alloc: 'system memory for entry {a:int i}',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** The RELEASE ioctl of lib/test_hmm.c: evicts every page of the device, without any VMA or mmap lock. @returns 0. */
export function* dmirror_device_remove_chunks(k: Kernel, device: number): Run<number> {
  enter(k, R.enter, device);
  const pfns = framesInUse(k, device);
  if (pfns.length === 0) at(k, R.empty);
  else yield* dmirror_device_evict_chunk(k, pfns);
  return exit(k, R.exit, 0, device);
}

/** Frames of a device that hold something; a large folio is its first frame and -1 for the others. */
export function framesInUse(k: Kernel, device: number): number[] {
  const m = k.m;
  const pfns: number[] = [];
  const folios = m.scalar.get(G.FOLIOS);
  for (let f = 1; f < folios; f++) {
    if (m.f(f, F.LIVE) === 0 || m.f(f, F.ZONE) !== zoneOfDevice(device) || m.f(f, F.REF) === 0) continue;
    pfns.push(m.f(f, F.PFN));
    for (let i = 1; i < folio_nr_pages(m, f); i++) pfns.push(-1);
  }
  return pfns;
}

function* dmirror_device_evict_chunk(k: Kernel, pfns: readonly number[]): Run<void> {
  const m = k.m;
  const o = m.obj;
  enter(k, E.enter, pfns.length);
  const migrate = yield* migrate_device_range(k, pfns);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  for (let i = 0; i < pfns.length; ) {
    const spage = migratePage(k, src, i);
    const nr = spage < 0 ? 1 : folio_nr_pages(m, m.folioOf(spage));
    if (spage < 0 || (wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) {
      if (spage >= 0) at(k, E.skip, i);
      i++;
      continue;
    }
    at(k, E.alloc, i);
    const f = newSystemDst(k, E.alloc, nr > 1 ? 9 : 0);
    copyPages(k, E.copy, m.f(f, F.PFN), spage, nr);
    const write = wordLo(k, src, i) & MIGRATE_PFN_WRITE;
    giveDst(k, E.dst, dst, i, m.f(f, F.PFN), write | (nr > 1 ? MIGRATE_PFN_COMPOUND : 0));
    i += nr;
  }
  yield* migrate_device_pages(k, migrate);
  yield* migrate_device_finalize(k, migrate);
  exit(k, E.exit);
}
