import { pageOfBase } from '../place.ts';

/** Pages per 2 MiB area, which is what one PMD entry maps. */
export const AREA = 512;

/** Pages [start, end), counted from address 0 (exact in a double). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The pages of a range of addresses in hexadecimal. */
export function spanOf(range: { readonly start: string; readonly end: string }): Span {
  return { start: pageOfBase(range.start), end: pageOfBase(range.end) };
}

/** What two spans have in common; empty (end ≤ start) when nothing. */
export function overlap(a: Span, b: Span): Span {
  return { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) };
}

/** The span widened to whole 2 MiB areas. */
export function wholeAreas(span: Span): Span {
  return { start: areaOf(span.start), end: Math.ceil(span.end / AREA) * AREA };
}

/** First page of the 2 MiB area around a page. */
export function areaOf(page: number): number {
  return Math.floor(page / AREA) * AREA;
}

/** An address as the kernel writes it. */
export function hex(page: number): string {
  return `0x${(page * 4096).toString(16)}`;
}

/** A size in the largest unit in which it is a short number. */
export function size(pages: number): string {
  const kib = pages * 4;
  if (kib >= 1 << 20) return `${round(kib / (1 << 20))} GiB`;
  return kib >= 1024 ? `${round(kib / 1024)} MiB` : `${kib} KiB`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
