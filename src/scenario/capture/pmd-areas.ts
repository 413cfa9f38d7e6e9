import { AREA, type Span } from './span.ts';
import type { Capture, CaptureState, CaptureVma } from './types.ts';

/** Areas of a mapping that a PMD entry seems to map, and how many of them are a guess. */
export interface PmdAreas {
  /** first pages of the areas, counted from address 0 */
  readonly areas: ReadonlySet<number>;
  readonly guessed: number;
}

/**
 * Finds PMD-mapped areas where the kernel has no PAGEMAP_SCAN to tell: smaps counts how many there are, and only 2 MiB areas
 * filled by one folio (or, where folios are unknown, by equal pages) can be one. With more such areas than smaps counts, the
 * first ones are taken.
 * @param vma where it lies, in pages from address 0
 */
export function inferPmdAreas(c: Capture, from: CaptureVma, vma: Span): PmdAreas {
  const areas = new Set<number>();
  const smaps = from.smaps ?? {};
  const kib = (smaps['AnonHugePages'] ?? 0) + (smaps['ShmemPmdMapped'] ?? 0) + (smaps['FilePmdMapped'] ?? 0);
  const counted = Math.floor(kib / 2048);
  if (!c.missing.includes('pagemap-scan') || counted === 0) return { areas, guessed: 0 };
  let candidates = 0;
  for (const [page, count, index, frame] of from.runs as [number, number, number, number?][]) {
    if (!canBeHuge(c.states[index] as CaptureState)) continue;
    const start = vma.start + page;
    for (let area = Math.ceil(start / AREA) * AREA; area + AREA <= start + count; area += AREA) {
      if (frame !== undefined && (frame + area - start) % AREA !== 0) break;
      candidates++;
      if (areas.size < counted) areas.add(area);
    }
  }
  return { areas, guessed: candidates > counted ? areas.size : 0 };
}

/** The huge zero page is told by its flags, and smaps does not count it. */
function canBeHuge(state: CaptureState): boolean {
  if (!state.map.includes('present') || state.flags?.includes('zero') === true) return false;
  return state.flags === undefined || state.order === 9;
}
