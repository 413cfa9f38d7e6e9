import { A, A_STRIDE, F, G, P, PG, PGF } from '../../src/machine/layout.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { OP } from '../../src/machine/ops.ts';
import { entryHi, entryLo, findEntry } from '../../src/machine/page-table.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import { vma_lookup } from '../../src/machine/vma.ts';
import { hmmEncoding } from '../../src/machine/words/hmm-pfn.ts';
import {
  pmdPfn,
  pmd_none,
  pmd_trans_huge,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_special,
  pte_write,
  pte_young,
} from '../../src/machine/words/pte.ts';
import { softleafKind, swpDirty, swpPfn, swpYoung } from '../../src/machine/words/swp.ts';
import { handle_mm_fault } from '../../src/kernel/common/memory.ts';
import { type Kernel, type KernelConfig, type Run, YIELD } from '../../src/kernel/kernel.ts';
import { buildMachine } from '../../src/scenario/build.ts';
import type { Scenario, ScenarioConditions, ScenarioEntry, ScenarioVma } from '../../src/scenario/types.ts';

/** A small memory to run fault handling on, and what the measurements would print of it. */
export interface FaultMemory {
  readonly k: Kernel;
  readonly m: Machine;
  readonly mm: number;
  readonly children: readonly number[];
  readonly offset: number;
  /** runs generator code to its end; throws when it waits for something nobody will give */
  run<T>(code: Run<T>): T;
  /** handle_mm_fault() on a scenario page */
  fault(page: number, flags: number): number;
  /** an entry as the measurements print it: `present WYD`, `zero YS`, `huge WYD`, `swap`, `none` … */
  entry(page: number, mm?: number): string;
  /** the folio behind an entry: `ref 2 map 1 AX` */
  folio(page: number): string;
  folioId(page: number): number;
  data(page: number): number;
  /** notifier callbacks so far: `CLEAR [0, 1)` … */
  events(): string[];
  /** names of the functions entered */
  called(): Set<string>;
}

export interface MemorySpec {
  readonly pages?: number;
  readonly vma?: Partial<ScenarioVma>;
  readonly vmas?: readonly ScenarioVma[];
  readonly entries?: readonly ScenarioEntry[];
  readonly conditions?: ScenarioConditions;
  readonly config?: Partial<KernelConfig>;
}

/** Builds the memory: one private anonymous RW VMA of `pages` pages (8) without THP unless the spec says otherwise. */
export function faultMemory(spec: MemorySpec): FaultMemory {
  const pages = spec.pages ?? 8;
  const base: ScenarioVma = { start: 0, end: pages, perms: 'rw-p', kind: 'anon', ...spec.vma };
  const scenario: Scenario = {
    format: 'walkscope-scenario',
    version: 1,
    id: 'fault',
    title: 'fault',
    base: '0x200000000',
    vmas: spec.vmas ?? [base],
    entries: spec.entries ?? [],
    request: { start: 0, end: pages, fault: true, write: false, select: ['SYSTEM'], device: 0 },
    ...(spec.conditions ? { conditions: spec.conditions } : {}),
  };
  const { machine: m, mm, children, offset } = buildMachine(scenario);
  m.actorBank.ensure(A_STRIDE * 4);
  const config: KernelConfig = { thp: 'always', hugeZeroPage: true, softDirty: false, ...spec.config };
  const k: Kernel = {
    m,
    text: 'v2',
    fixes: new Set(),
    enc: hmmEncoding('v2'),
    config,
    concurrent: false,
    pausers: new Set(),
  };
  const leaf = (page: number, of = mm): number =>
    findEntry(m, of, page + offset, 1) || findEntry(m, of, page + offset, 2);

  const pfnAt = (page: number): number => {
    const e = leaf(page);
    const lo = entryLo(m, e);
    const hi = entryHi(m, e);
    if (pmd_trans_huge(lo, hi)) return pmdPfn(lo, hi) + (page & 511);
    return pte_present(lo, hi) ? ptePfn(lo, hi) : swpPfn(lo, hi);
  };
  return {
    k,
    m,
    mm,
    children,
    offset,
    run: runToEnd,
    fault: (page, flags) => runToEnd(handle_mm_fault(k, 0, vma_lookup(m, mm, page + offset), page + offset, flags)),
    entry: (page, of) => entryText(m, leaf(page, of)),
    folio: (page) => folioText(m, m.folioOf(pfnAt(page)), pfnAt(page)),
    folioId: (page) => m.folioOf(pfnAt(page)),
    data: (page) => m.pageGet(pfnAt(page), P.DATA),
    events: () => eventTexts(m, offset),
    called: () => new Set(rows(m, OP.ENTER).map((i) => siteInfo(m.log.site[i] as number).fn)),
  };
}

function runToEnd<T>(code: Run<T>): T {
  for (let n = 0; n < 1e6; n++) {
    const { done, value } = code.next();
    if (done === true) return value;
    if (value === YIELD.BLOCKED) throw new Error('the code waits for ever');
  }
  throw new Error('the code does not end');
}

function bits(lo: number, hi: number): string {
  const all = [pte_write(lo, hi) ? 'W' : '', pte_young(lo, hi) ? 'Y' : '', pte_dirty(lo, hi) ? 'D' : ''];
  return all.join('') + (pte_special(lo, hi) ? 'S' : '');
}

/** An entry as the measurements print it: `present WYD`, `zero YS`, `huge WYD`, `swap`, `none` … */
export function entryText(m: Machine, e: number): string {
  const lo = entryLo(m, e);
  const hi = entryHi(m, e);
  if (e === 0 || pmd_none(lo, hi) || pte_none(lo, hi)) return 'none';
  if (pmd_trans_huge(lo, hi)) {
    const zero = pmdPfn(lo, hi) === m.scalar.get(G.HUGE_ZERO_PFN) ? 'huge-zero' : 'huge';
    return `${zero} ${bits(lo, hi)}`.trim();
  }
  if (pte_present(lo, hi)) {
    const zero = ptePfn(lo, hi) === m.scalar.get(G.ZERO_PFN) ? 'zero' : 'present';
    return `${zero} ${bits(lo, hi)}`.trim();
  }
  const kind = softleafKind(lo, hi);
  if (!kind.startsWith('migration')) return kind;
  return `${kind} ${swpYoung(lo, hi) ? 'Y' : ''}${swpDirty(lo, hi) ? 'D' : ''}`.trim();
}

const FLAG_LETTERS = [
  [PG.LOCKED, 'L'],
  [PG.LRU, 'R'],
  [PG.ANON, 'A'],
  [PG.SWAPCACHE, 'C'],
  [PG.DIRTY, 'D'],
  [PG.MLOCKED, 'M'],
] as const;

function folioText(m: Machine, f: number, pfn: number): string {
  let fl = '';
  for (const [flag, letter] of FLAG_LETTERS) {
    if ((m.f(f, F.FLAGS) & flag) !== 0) fl += letter;
    if (letter === 'A' && (m.pageGet(pfn, P.FLAGS) & PGF.ANON_EXCLUSIVE) !== 0) fl += 'X';
  }
  return `ref ${m.f(f, F.REF)} map ${m.f(f, F.MAP)} ${fl}`.trim();
}

function rows(m: Machine, op: number): number[] {
  const all: number[] = [];
  for (let i = 0; i < m.log.length; i++) if (m.log.op[i] === op) all.push(i);
  return all;
}

const EVENTS = ['UNMAP', 'CLEAR', 'PROTECTION_VMA', 'PROTECTION_PAGE', 'SOFT_DIRTY', 'RELEASE', 'MIGRATE', 'EXCLUSIVE'];

function eventTexts(m: Machine, offset: number): string[] {
  return rows(m, OP.NOTIFIER_START).map((i) => {
    const [start, end] = [(m.log.b[i] as number) - offset, (m.log.c[i] as number) - offset];
    return `${EVENTS[m.log.a[i] as number]} [${start}, ${end})`;
  });
}

/** Number of spinlocks and RCU sections the running actor holds; a fault must leave none. */
export function heldByActor(m: Machine): number {
  return m.actorGet(0, A.SPIN) + m.actorGet(0, A.RCU);
}
