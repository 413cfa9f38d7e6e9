import { F, G, PG, V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { sites } from '../functions.ts';
import { type Kernel, at } from '../kernel.ts';
import { PAGEVEC_SIZE, clearFlag, folio_get, folio_put, folio_test_large, setFlag } from './folio.ts';

const L = sites('mlock_folio', { set: '{a:folio folio} is mlocked', get: 'the batch holds the folio' });
const U = sites('munlock_folio', { get: 'the batch holds the folio' });
const D = sites('mlock_folio_batch', {
  clear: '{a:folio folio} is not mlocked any more',
  put: 'the batch lets the folio go',
});

/** A batched folio is noted as 2 * folio, plus 1 for a munlock. */
const MUNLOCK = 1;

const isLocked = (k: Kernel, vma: number): boolean =>
  vma !== 0 &&
  (vmaGet(k.m, vma, V.FLAGS) & (VM.LOCKED | VM.IO | VM.PFNMAP | VM.MIXEDMAP | VM.DONTEXPAND)) === VM.LOCKED;

/** mlock_vma_folio() (mm/internal.h): a folio that a VM_LOCKED VMA maps whole is mlocked; the rest waits in the CPU's batch. */
export function mlock_vma_folio(k: Kernel, f: number, vma: number): void {
  if (!isLocked(k, vma)) return;
  at(k, L.set, f);
  setFlag(k.m, f, PG.MLOCKED);
  folio_get(k, L.get, f);
  addToBatch(k, f, 0);
}

/** munlock_vma_folio(): one mapping in a VM_LOCKED VMA less. The mlocked flag goes when the batch is emptied. */
export function munlock_vma_folio(k: Kernel, f: number, vma: number): void {
  if (!isLocked(k, vma)) return;
  folio_get(k, U.get, f);
  addToBatch(k, f, MUNLOCK);
}

function addToBatch(k: Kernel, f: number, what: number): void {
  const m = k.m;
  let base = m.scalar.get(G.MLOCK_BATCH);
  if (base === 0) {
    base = m.newInts(PAGEVEC_SIZE);
    m.scalar.set(G.MLOCK_BATCH, base);
  }
  const fill = m.scalar.get(G.MLOCK_BATCH_FILL);
  m.ints.set(base + fill, f * 2 + what);
  m.scalar.set(G.MLOCK_BATCH_FILL, fill + 1);
  if (fill + 1 === PAGEVEC_SIZE || folio_test_large(m, f)) mlock_folio_batch(k);
}

/** mlock_folio_batch() (mm/mlock.c): does what the batch has put off, and drops its references. */
function mlock_folio_batch(k: Kernel): void {
  const m = k.m;
  const base = m.scalar.get(G.MLOCK_BATCH);
  const fill = m.scalar.get(G.MLOCK_BATCH_FILL);
  m.scalar.set(G.MLOCK_BATCH_FILL, 0);
  for (let i = 0; i < fill; i++) {
    const word = m.ints.get(base + i);
    const f = word >> 1;
    if ((word & MUNLOCK) !== 0 && (m.f(f, F.FLAGS) & PG.MLOCKED) !== 0) {
      at(k, D.clear, f);
      clearFlag(m, f, PG.MLOCKED);
    }
    folio_put(k, D.put, f);
  }
}

/** mlock_drain_local() (mm/mlock.c). */
export function mlock_drain_local(k: Kernel): void {
  if (k.m.scalar.get(G.MLOCK_BATCH_FILL) > 0) mlock_folio_batch(k);
}

/** mlock_drain_local() as the rmap walks call it: for a VM_LOCKED VMA only. */
export function mlock_drain_vma(k: Kernel, vma: number): void {
  if ((vmaGet(k.m, vma, V.FLAGS) & VM.LOCKED) !== 0) mlock_drain_local(k);
}
