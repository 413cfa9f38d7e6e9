import { D, D_STRIDE, EXTERNAL_ACTOR, F, F_STRIDE, G, PG, T, T_STRIDE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { entryHi, entryLo, entryPage } from '../machine/page-table.ts';
import { is_migration_entry, swpPfn } from '../machine/words/swp.ts';
import { DEVICES } from './common/mmu_notifier.ts';
import { sites } from './functions.ts';
import { type Kernel, finding } from './kernel.ts';
import { RULE } from './rules.ts';

const S = sites('leftovers', {
  entry: 'everybody is done, and a migration entry is still there',
  folio: 'everybody is done, and a folio is still locked',
  event: 'everybody is done, and an invalidation has no end',
});

/** Findings of one kind after which no more are listed: 512 of them say no more than these. */
const MOST = 8;

/**
 * What is left behind when every actor has returned: migration entries that nobody will remove, folios
 * that nobody will unlock, invalidations that nobody will end. What somebody outside the scenario holds
 * (conditions of the scenario itself) does not count.
 */
export function findLeftovers(k: Kernel): void {
  const { m } = k;
  m.actor = 0;
  m.depth = 0;
  let found = 0;
  for (const entry of migrationEntries(m)) {
    const folio = m.folioOf(swpPfn(entryLo(m, entry), entryHi(m, entry)));
    if (m.f(folio, F.LOCKER) === EXTERNAL_ACTOR + 1) continue;
    finding(k, S.entry, RULE.MIGRATION_ENTRY_LEFT, entryPage(m, entry), folio);
    if (++found === MOST) break;
  }
  found = 0;
  const folios = m.scalar.get(G.FOLIOS);
  for (let f = 1; f < folios && found < MOST; f++) {
    const locked = (m.folio.get(f * F_STRIDE + F.FLAGS) & PG.LOCKED) !== 0 && m.folio.get(f * F_STRIDE + F.LIVE) !== 0;
    if (!locked || m.folio.get(f * F_STRIDE + F.LOCKER) === EXTERNAL_ACTOR + 1) continue;
    finding(k, S.folio, RULE.FOLIO_LEFT_LOCKED, f);
    found++;
  }
  for (let d = 0; d < DEVICES; d++)
    if (m.device.get(d * D_STRIDE + D.ACTIVE) !== 0) finding(k, S.event, RULE.EVENT_NOT_ENDED, d);
}

function* migrationEntries(m: Machine): Generator<number> {
  const tables = m.scalar.get(G.TABLES);
  for (let t = 1; t < tables; t++) {
    const o = t * T_STRIDE;
    if (m.table.get(o + T.LIVE) === 0 || m.table.get(o + T.LEVEL) > 2) continue;
    for (let e = t * 512; e < t * 512 + 512; e++) if (is_migration_entry(entryLo(m, e), entryHi(m, e))) yield e;
  }
}
