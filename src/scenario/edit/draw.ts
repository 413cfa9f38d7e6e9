import type { Scenario, ScenarioVma } from '../types.ts';
import { paint } from './paint.ts';

/** The scenario with a VMA over pages [from, to); VMAs in the way give way, as with MAP_FIXED. */
export function drawVma(s: Scenario, vma: ScenarioVma): Scenario {
  const rest = s.vmas.flatMap((v) => without(v, vma.start, vma.end));
  return { ...s, vmas: [...rest, vma].toSorted((a, b) => a.start - b.start) };
}

/** The scenario without mapping and entries of pages [from, to), as after munmap(). */
export function unmapPages(s: Scenario, from: number, to: number): Scenario {
  const vmas = s.vmas.flatMap((v) => without(v, from, to));
  return { ...paint(s, from, to, null), vmas };
}

function without(v: ScenarioVma, from: number, to: number): ScenarioVma[] {
  const parts = [
    { ...v, end: Math.min(v.end, from) },
    { ...v, start: Math.max(v.start, to) },
  ];
  return v.end <= from || to <= v.start ? [v] : parts.filter((p) => p.start < p.end);
}

/** A memory to begin with: one anonymous VMA around `pages` pages, all of them asked for, nothing mapped yet. */
export function emptyScenario(pages: number): Scenario {
  return {
    format: 'walkscope-scenario',
    version: 1,
    id: 'drawn',
    title: 'A memory of my own',
    base: '0x7f0000000000',
    vmas: [{ start: 0, end: pages, perms: 'rw-p', kind: 'anon' }],
    entries: [],
    request: { start: 0, end: pages, fault: true, write: true, select: ['SYSTEM'], device: 0 },
  };
}
