import { OP } from '../../machine/ops.ts';
import { MIGRATE_PFN_COMPOUND, MIGRATE_PFN_MIGRATE, MIGRATE_PFN_WRITE } from '../../machine/words/migrate-pfn.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { migrate_vma_unmap } from '../common/migrate-device-unmap.ts';
import { migrateWordHi, migrateWordLo } from '../common/migrate-pfn.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE, RANGE } from '../structs.ts';
import { setWord, wordHi, wordLo } from './pfns.ts';

const S = sites('migrate_hmm_range_setup', {
  enter: 'turn hmm_pfns[] into src[], then unmap',
  none: 'the range has no migrate_vma',
  init: 'npages = {a:int npages}, cpages = 0',
  skip: 'entry {a:int i} does not migrate: src = 0',
  empty: 'entry {a:int i} is an empty page: src = MIGRATE',
  emptyHuge: 'entry {a:int i} is an empty 2 MiB: src = MIGRATE, COMPOUND',
  page: 'entry {a:int i} names a page: src = its frame, VALID, MIGRATE',
  unmap: '{a:int cpages} entries: isolate and unmap them',
  exit: '',
});

/** migrate_hmm_range_setup() (series v2; switch V-01 gives v7's conversion). */
export function* migrate_hmm_range_setup(k: Kernel, range: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const enc = k.enc;
  enter(k, S.enter, range);
  const migrate = o.get(range + RANGE.MIGRATE);
  if (migrate === 0) {
    at(k, S.none);
    exit(k, S.exit, 0, range);
    return;
  }
  const npages = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START);
  at(k, S.init, npages);
  o.set(migrate + MIGRATE.NPAGES, npages);
  o.set(migrate + MIGRATE.CPAGES, 0);
  const pfns = o.get(range + RANGE.HMM_PFNS);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const v7 = k.fixes.has('V-01');
  // RFC-10: the first posting compared whole words, in/out flags included. RFC-5: and left dst[] as it was.
  const masked = !v7 && !k.fixes.has('RFC-10');
  const keepsDst = k.fixes.has('RFC-5');
  let cpages = 0;
  for (let i = 0; i < npages; i++) {
    const lo = wordLo(k, pfns, i);
    const hi = wordHi(k, pfns, i);
    const flags = masked ? hi & ~enc.INOUT : hi;
    const wanted = v7 ? (flags & enc.MIGRATE) !== 0 : (flags & (enc.VALID | enc.MIGRATE)) === (enc.VALID | enc.MIGRATE);
    let site: number;
    let srcLo = 0;
    let srcHi = 0;
    if (!wanted) site = S.skip;
    else {
      cpages++;
      const hole = v7
        ? (flags & enc.VALID) === 0
        : lo === 0 && (flags === (enc.VALID | enc.MIGRATE) || flags === (enc.VALID | enc.MIGRATE | enc.COMPOUND));
      const compound = (flags & enc.COMPOUND) !== 0 ? MIGRATE_PFN_COMPOUND : 0;
      const write = (flags & enc.WRITE) !== 0 ? MIGRATE_PFN_WRITE : 0;
      if (hole) {
        site = compound !== 0 ? S.emptyHuge : S.empty;
        srcLo = MIGRATE_PFN_MIGRATE | compound | (v7 ? write : 0);
      } else {
        site = S.page;
        const pfn = hmmPfnOf(lo, hi, enc);
        // D-14: the number is taken for a frame, also where a device-private page has none any more.
        srcLo = migrateWordLo(k, pfn, MIGRATE_PFN_MIGRATE | write | compound, 'D-14');
        srcHi = migrateWordHi(k, pfn);
      }
    }
    m.step(OP.PFN_WRITE, site, i, 1, src);
    setWord(k, src, i, srcLo, srcHi);
    if (!wanted || !keepsDst) setWord(k, dst, i, 0, 0);
  }
  o.set(migrate + MIGRATE.CPAGES, cpages);
  if (cpages !== 0) {
    at(k, S.unmap, cpages);
    yield* migrate_vma_unmap(k, migrate);
  }
  exit(k, S.exit, 0, range);
}
