import { F } from '../../machine/layout.ts';
import { folio_is_zone_device, folio_test_large } from '../common/folio.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit } from '../kernel.ts';

const S = sites('hmm_migrate_page_check', {
  enter: 'may the page move? {a:pfn page}',
  compound: 'a compound page: no',
  count: 'references {a:int count}, explained {b:int extra}, mapped {c:int mapcount}',
  exit: '',
});

/**
 * hmm_migrate_page_check() (HMM v13): false for compound pages and for pages with a reference that neither `extra` nor
 * a mapping explains. References of page cache and swap cache are not counted in: such pages always look pinned.
 */
export function hmm_migrate_page_check(k: Kernel, pfn: number, extra: number): boolean {
  const m = k.m;
  enter(k, S.enter, pfn, extra);
  const folio = m.folioOf(pfn);
  if (folio_test_large(m, folio)) {
    at(k, S.compound);
    exit(k, S.exit, 0, pfn);
    return false;
  }
  const explained = extra + (folio_is_zone_device(m, folio) ? 1 : 0);
  at(k, S.count, m.f(folio, F.REF), explained, m.f(folio, F.MAP));
  const ok = m.f(folio, F.REF) - explained <= m.f(folio, F.MAP);
  exit(k, S.exit, ok ? 1 : 0, pfn);
  return ok;
}
