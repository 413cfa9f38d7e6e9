import type { StageView } from './stage-model.ts';

/** A rectangle in CSS pixels of the stage. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where the columns stand for a size of the stage, before anything is known about the step. */
export interface Frame {
  readonly w: number;
  readonly h: number;
  readonly narrow: boolean;
  /** size of ordinary text, px */
  readonly font: number;
  readonly rail: Box;
  readonly upper: Box;
  readonly pmd: Box;
  readonly pte: Box;
  readonly system: Box;
  readonly device: Box;
  /** the 512-cell strip on top of the PTE column */
  readonly strip: Box;
  readonly head: number;
}

const HEAD = 40;
export const clamp = (lo: number, v: number, hi: number): number => Math.max(lo, Math.min(v, hi));

/** Columns for a stage of w × h pixels. */
export function stageFrame(w: number, h: number): Frame {
  const narrow = w < 700;
  const big = clamp(0.92, Math.min(w / 960, h / 420), 1.5);
  const font = Math.round(12 * (narrow ? 1 : big) * 2) / 2;
  const pad = narrow ? 8 : 14;
  const top = HEAD * (narrow ? 1 : Math.max(1, big * 0.95));
  const areaH = Math.max(120, h - top - pad);
  const box = (x: number, width: number): Box => ({ x, y: top, w: width, h: areaH });
  const u = (w - 2 * pad) / 912;
  const railW = narrow ? 16 : clamp(74, 86 * big, 118);
  const upperW = narrow ? 0 : clamp(52, 60 * u, 84);
  const pmdW = narrow ? 0 : clamp(112, 140 * u, 230);
  const pteW = narrow ? Math.round((w - 2 * pad - railW) * 0.48) : clamp(196, 244 * u, 430);
  const gap = narrow ? 14 : clamp(16, 24 * u, 48);
  const tieGap = narrow ? 20 : clamp(32, 50 * u, 120);
  const xUpper = pad + railW + (narrow ? 10 : gap);
  const xPmd = xUpper + upperW + (narrow ? 0 : gap);
  const xPte = xPmd + pmdW + (narrow ? 0 : gap);
  const xSystem = xPte + pteW + tieGap;
  const memGap = narrow ? 6 : 14;
  const memW = (w - pad - xSystem - memGap) / 2;
  const pte = box(xPte, pteW);
  const cell = (pteW - 16) / 64;
  return {
    w,
    h,
    narrow,
    font,
    head: top,
    // Below the axis stand the locks of the whole process.
    rail: { ...box(pad, railW), h: areaH - (narrow ? 12 : font * 3.2) },
    upper: box(xUpper, upperW),
    pmd: box(xPmd, pmdW),
    pte,
    strip: { x: xPte + 8, y: top + 8, w: cell * 64, h: cell * 8 },
    system: box(xSystem, memW),
    device: box(xSystem + memW + memGap, memW),
  };
}

/** y at which the entries of the PTE table begin, below its strip. */
export const rowsTop = (f: Frame): number => f.strip.y + f.strip.h + 10;
/** y at which they end. */
export const rowsBottom = (f: Frame): number => f.pte.y + f.pte.h - 6;

/** How many rows the columns have room for. */
export function roomFor(f: Frame): Pick<StageView, 'pteRows' | 'pmdRows'> {
  const least = f.font * 1.9;
  const room = rowsBottom(f) - rowsTop(f);
  return {
    // Eight pages, the usual request, may stand a little closer.
    pteRows: clamp(3, Math.max(Math.floor(room / least), Math.min(8, Math.floor(room / (f.font * 1.5)))), 24),
    pmdRows: clamp(2, Math.floor((f.pmd.h - 12) / (f.font * 2.6)), 16),
  };
}
