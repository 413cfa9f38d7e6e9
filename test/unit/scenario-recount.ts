import { A, F, F_STRIDE, G, MM, MM_STRIDE, P, PG, PGF, T, T_STRIDE, V, V_STRIDE } from '../../src/machine/layout.ts';
import type { Machine } from '../../src/machine/machine.ts';

/*
 * Counts mappings and references from the page tables alone, with its own decoding of the words, so that it shares no
 * mistake with the code that builds machines.
 */

/** One leaf or swap entry that names a page or a slot. */
export interface Seen {
  readonly mm: number;
  readonly page: number;
  readonly level: 'pte' | 'pmd';
  readonly kind: 'present' | 'swap' | 'migration' | 'device' | 'device-exclusive' | 'hwpoison';
  readonly pfn: number;
  readonly write: boolean;
}

const SWAP_KINDS = ['hwpoison', 'migration', 'migration', 'migration', 'device', 'device', 'device-exclusive'] as const;

function wordAt(m: Machine, entry: number): bigint {
  return (BigInt(m.pt.get(entry * 2 + 1) >>> 0) << 32n) | BigInt(m.pt.get(entry * 2) >>> 0);
}

/** All entries of an mm that are neither none, markers nor tables, in address order; checks the tables on the way. */
export function seen(m: Machine, mm: number, problems: string[]): Seen[] {
  const found: Seen[] = [];
  const visit = (table: number, level: number, base: number): void => {
    const o = table * T_STRIDE;
    if (m.table.get(o + T.LEVEL) !== level)
      problems.push(`table ${table}: level ${m.table.get(o + T.LEVEL)}, not ${level}`);
    if (m.table.get(o + T.BASE) !== base) problems.push(`table ${table}: base ${m.table.get(o + T.BASE)}, not ${base}`);
    if (m.table.get(o + T.MM) !== mm) problems.push(`table ${table}: mm ${m.table.get(o + T.MM)}, not ${mm}`);
    for (let slot = 0; slot < 512; slot++) {
      const entry = table * 512 + slot;
      const word = wordAt(m, entry);
      if (word === 0n) continue;
      const page = base + slot * 512 ** (level - 1);
      const present = (word & 1n) !== 0n;
      if (level > 1 && present && (word & 0x80n) === 0n) {
        const child = Number((word >> 12n) & 0xffffffffffn);
        if (m.table.get(child * T_STRIDE + T.PARENT) !== entry)
          problems.push(`table ${child}: its parent is not entry ${entry}`);
        visit(child, level - 1, page);
        continue;
      }
      if (level > 2) problems.push(`entry ${entry}: a leaf at level ${level}`);
      const leaf = leafOf(word);
      if (leaf !== undefined) found.push({ mm, page, level: level === 1 ? 'pte' : 'pmd', ...leaf });
    }
  };
  visit(m.mm.get(mm * MM_STRIDE + MM.PGD), 4, 0);
  return found;
}

function leafOf(word: bigint): Pick<Seen, 'kind' | 'pfn' | 'write'> | undefined {
  const present = (word & 1n) !== 0n;
  const protnone = !present && (word & 0x100n) !== 0n;
  if (present || protnone) {
    const bits = protnone ? ~word : word;
    // A huge entry has no frame bits below bit 21, inverted or not.
    const huge = (word & 0x80n) !== 0n;
    const frame = Number((bits >> 12n) & (huge ? 0xfffffffe00n : 0xffffffffffn));
    return { kind: 'present', pfn: frame, write: (word & 2n) !== 0n };
  }
  const type = Number(word >> 59n);
  if (type === 31) return undefined;
  const offset = BigInt.asUintN(50, ~(word >> 9n));
  const kind = type < 24 ? 'swap' : (SWAP_KINDS[type - 24] as Seen['kind']);
  return { kind, pfn: Number(offset & 0x3ffffffffn), write: type === 27 || type === 28 };
}

/** What the tables say about one folio. */
interface Count {
  ptes: number;
  pmds: number;
}

/** Everything that disagrees between a machine's folios, VMAs and counters and its page tables. */
export function recount(m: Machine): { problems: string[]; entries: Seen[]; residue: Map<number, number> } {
  const problems: string[] = [];
  const entries: Seen[] = [];
  const counts = new Map<number, Count>();
  const slots = new Map<number, number>();
  const pageUsers = new Map<number, number>();
  const mms = m.scalar.get(G.MMS);
  for (let mm = 1; mm < mms; mm++) {
    const list = seen(m, mm, problems);
    for (const each of list) entries.push(each);
    checkResident(m, mm, list, problems);
    for (const each of list) {
      checkVma(m, each, problems);
      if (each.kind === 'swap') slots.set(each.pfn, (slots.get(each.pfn) ?? 0) + 1);
      else if (each.kind === 'present' || each.kind === 'device' || each.kind === 'device-exclusive') {
        pageUsers.set(each.pfn, (pageUsers.get(each.pfn) ?? 0) + 1);
        const f = m.folioOf(each.pfn);
        if (f === 0) continue;
        const count = counts.get(f) ?? { ptes: 0, pmds: 0 };
        if (each.level === 'pte') count.ptes++;
        else count.pmds++;
        counts.set(f, count);
        checkIndex(m, each, f, problems);
      }
    }
  }
  for (const [slot, users] of slots) {
    const stored = m.swap.get(slot * 3);
    if (stored !== users) problems.push(`swap slot ${slot}: ${stored} users stored, ${users} found`);
  }
  const residue = new Map<number, number>();
  const folios = m.scalar.get(G.FOLIOS);
  for (let f = 1; f < folios; f++)
    residue.set(f, checkFolio(m, f, counts.get(f) ?? { ptes: 0, pmds: 0 }, pageUsers, problems));
  if (m.journal.length !== 0 || m.log.length !== 0) problems.push('the journal or the log is not empty');
  if (m.actorBank.get(A.STATE) !== 0) problems.push('an actor exists already');
  return { problems, entries, residue };
}

/** Checks one folio; gives the references that no table, cache or batch accounts for. */
function checkFolio(
  m: Machine,
  f: number,
  count: Count,
  pageUsers: ReadonlyMap<number, number>,
  problems: string[],
): number {
  const get = (field: number): number => m.folio.get(f * F_STRIDE + field);
  const zero = (get(F.FLAGS) & PG.ZERO) !== 0;
  const mapped = zero ? 0 : count.ptes + count.pmds;
  if (get(F.MAP) !== mapped) problems.push(`folio ${f}: mapcount ${get(F.MAP)} stored, ${mapped} found`);
  if (!zero && get(F.ENTIRE) !== count.pmds)
    problems.push(`folio ${f}: ${get(F.ENTIRE)} PMD mappings stored, ${count.pmds} found`);
  const pages = 1 << get(F.ORDER);
  let refs = mapped;
  if (get(F.MAPPING) !== 0) refs += pages + ((get(F.FLAGS) & PG.FILE) !== 0 ? 1 : 0);
  if ((get(F.FLAGS) & PG.SWAPCACHE) !== 0) refs += pages;
  if ((get(F.FLAGS) & PG.BATCH) !== 0) refs += 1;
  if (get(F.REF) < refs) problems.push(`folio ${f}: ${get(F.REF)} references, but ${refs} users`);
  if (((get(F.FLAGS) & PG.LOCKED) !== 0) !== (get(F.LOCKER) !== 0))
    problems.push(`folio ${f}: lock flag and holder disagree`);
  for (let i = 0; i < pages; i++) {
    const pfn = get(F.PFN) + i;
    if (m.folioOf(pfn) !== f) problems.push(`page frame ${pfn}: not in folio ${f}`);
    if ((m.pageGet(pfn, P.FLAGS) & PGF.ANON_EXCLUSIVE) === 0) continue;
    if ((get(F.FLAGS) & PG.ANON) === 0) problems.push(`page frame ${pfn}: exclusive, but not anonymous`);
    if ((pageUsers.get(pfn) ?? 0) > 1)
      problems.push(`page frame ${pfn}: exclusive, but mapped ${pageUsers.get(pfn) ?? 0} times`);
  }
  if (get(F.PFN) % pages !== 0) problems.push(`folio ${f}: not aligned`);
  return get(F.REF) - refs;
}

function vmaOf(m: Machine, mm: number, page: number): number {
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) {
    const o = v * V_STRIDE;
    if (
      m.vma.get(o + V.LIVE) === 1 &&
      m.vma.get(o + V.MM) === mm &&
      m.vma.get(o + V.START) <= page &&
      page < m.vma.get(o + V.END)
    )
      return o;
  }
  return 0;
}

function checkVma(m: Machine, each: Seen, problems: string[]): void {
  const last = each.page + (each.level === 'pmd' ? 511 : 0);
  const o = vmaOf(m, each.mm, each.page);
  if (o === 0 || vmaOf(m, each.mm, last) !== o) problems.push(`mm ${each.mm} page ${each.page}: not inside one VMA`);
}

/** The folio's index must lead reverse mapping back to the entry. */
function checkIndex(m: Machine, each: Seen, f: number, problems: string[]): void {
  const flags = m.f(f, F.FLAGS);
  if ((flags & PG.ZERO) !== 0 || ((flags & PG.ANON) === 0 && m.f(f, F.MAPPING) === 0)) return;
  const o = vmaOf(m, each.mm, each.page);
  const index = m.f(f, F.INDEX) + each.pfn - m.f(f, F.PFN);
  // Anonymous folios are indexed by machine page, also as private copies of file pages; mremap() may have moved the VMA.
  const page =
    (flags & PG.ANON) !== 0 ? index + m.vma.get(o + V.MOVED) : m.vma.get(o + V.START) + index - m.vma.get(o + V.PGOFF);
  if (page !== each.page) problems.push(`mm ${each.mm} page ${each.page}: reverse mapping finds page ${page}`);
  if ((flags & PG.ANON) !== 0 && (m.f(f, F.ANON_VMA) === 0 || m.f(f, F.ANON_VMA) !== m.vma.get(o + V.ANON_VMA))) {
    problems.push(`mm ${each.mm} page ${each.page}: folio ${f} and VMA have different anon_vmas`);
  }
}

function checkResident(m: Machine, mm: number, list: readonly Seen[], problems: string[]): void {
  const found = { anon: 0, file: 0, swap: 0 };
  for (const each of list) {
    if (each.kind === 'swap') found.swap++;
    else if (each.kind !== 'migration' && each.kind !== 'hwpoison') {
      const f = m.folioOf(each.pfn);
      if (f === 0 || (m.f(f, F.FLAGS) & PG.ZERO) !== 0) continue;
      found[(m.f(f, F.FLAGS) & PG.ANON) !== 0 ? 'anon' : 'file'] += each.level === 'pmd' ? 512 : 1;
    }
  }
  const o = mm * MM_STRIDE;
  const stored = {
    anon: m.mm.get(o + MM.ANONPAGES),
    file: m.mm.get(o + MM.FILEPAGES),
    swap: m.mm.get(o + MM.SWAPENTS),
  };
  if (JSON.stringify(stored) !== JSON.stringify(found)) {
    problems.push(`mm ${mm}: resident ${JSON.stringify(stored)} stored, ${JSON.stringify(found)} found`);
  }
}
