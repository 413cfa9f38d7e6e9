import type { CostLine } from '../../recording/cost.ts';

/** A number of cycles for the eye: whole, with its thousands apart. */
export function cyclesText(cycles: number): string {
  return Math.round(cycles)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** Cycles of some lines together. */
export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + line.cycles, 0);
}
