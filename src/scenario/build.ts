import { MM, MM_STRIDE } from '../machine/layout.ts';
import { Machine } from '../machine/machine.ts';
import { buildDevices } from './build-devices.ts';
import { EntryBuilder } from './build-entries.ts';
import { makeZeroPages } from './build-folios.ts';
import { buildVmas, forkVmas } from './build-vmas.ts';
import { checkScenario } from './check.ts';
import { ScenarioError } from './error.ts';
import { place } from './place.ts';
import { hasFolio, meaningOf, vmaFinder } from './resolve.ts';
import type { Scenario, ScenarioVma } from './types.ts';

/** A scenario as a machine, before its first step. */
export interface Built {
  readonly machine: Machine;
  /** the process of the scenario (1) */
  readonly mm: number;
  /** the processes forked from it */
  readonly children: readonly number[];
  /** machine page = scenario page + offset; kernel code knows machine pages only */
  readonly offset: number;
}

/**
 * Makes the machine that a scenario describes. Nothing of it is in the journal: a recording begins here.
 * @param old a machine that nobody needs any more, to be used again
 * @throws {ScenarioError} when no machine can be in that state
 */
export function buildMachine(s: Scenario, old?: Machine): Built {
  const problems = checkScenario(s);
  if (problems.length > 0) throw new ScenarioError(problems);
  const { basePage, offset } = place(s.base, lowestPage(s));
  const m = old ?? new Machine(basePage);
  if (old) old.reset(basePage);
  makeZeroPages(m);
  const mm = m.newMm();
  const vmas = buildVmas(m, mm, s.vmas, offset, anonVmas(s));
  const children = Array.from({ length: childCount(s) }, () => m.newMm());
  for (const child of children) forkVmas(m, child, vmas);

  const entries = new EntryBuilder(m, s, vmas, [mm, ...children], offset);
  entries.addPuds();
  for (const table of s.tables ?? []) entries.addTable(table.page, table.level);
  entries.addAll();
  entries.resident.forEach((counts, i) => {
    const o = ([mm, ...children][i] as number) * MM_STRIDE;
    m.mm.set(o + MM.ANONPAGES, counts.anon);
    m.mm.set(o + MM.FILEPAGES, counts.file);
    m.mm.set(o + MM.SWAPENTS, counts.swap);
  });
  buildDevices(m, s, mm, entries.window, entries.owners, entries.mirrors);
  m.startRecording();
  return { machine: m, mm, children, offset };
}

/** Smallest page that anything in the scenario names, the whole of a huge page included. */
function lowestPage(s: Scenario): number {
  let lowest = s.request.start;
  for (const vma of s.vmas) lowest = Math.min(lowest, vma.start);
  for (const entry of s.entries) lowest = Math.min(lowest, entry.page);
  for (const table of s.tables ?? []) lowest = Math.min(lowest, table.page);
  return lowest;
}

/** By VMA index: an entry in it is, or was, an anonymous page. */
function anonVmas(s: Scenario): readonly boolean[] {
  const find = vmaFinder(s.vmas);
  const needs = s.vmas.map(() => false);
  for (const entry of s.entries) {
    const i = find(entry.page);
    if (i < 0 || !(hasFolio(entry) || entry.kind === 'swap')) continue;
    if (meaningOf(s, entry, s.vmas[i] as ScenarioVma).anon) needs[i] = true;
  }
  return needs;
}

function childCount(s: Scenario): number {
  let most = 0;
  for (const entry of s.entries) most = Math.max(most, entry.folio?.sharedBy ?? 0, entry.slot?.sharedBy ?? 0);
  return most;
}
