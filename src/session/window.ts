/** What a track shows of a recording: first step (or column) and end, not included. */
export type Window = readonly [from: number, to: number];

/** Fewer than this are never shown. */
const LEAST = 20;

/** Keeps `at` inside the window: it moves along when `at` leaves it, and only then. @param length steps there are */
export function keptInView(window: Window, at: number, length: number): Window {
  const [from, to] = window;
  const width = to - from;
  if ((at >= from && at < to) || width >= length) return window;
  const start = Math.max(0, Math.min(length - width, at - Math.floor(width / 2)));
  return [start, start + width];
}

/** The window about `at` that shows `factor` times as many steps; Infinity = all. @param length steps there are */
export function zoomed([from, to]: Window, factor: number, at: number, length: number): Window {
  const width = Math.min(length, Math.max(LEAST, Math.round((to - from) * factor)));
  const start = Math.max(0, Math.min(length - width, Math.round(at - width / 2)));
  return [start, Math.max(start + 1, start + width)];
}
