/** Steps to pixels and back. d3's own scale would bring formats and tick marks along, which nobody here asks for. */
export interface Scale {
  (step: number): number;
  readonly invert: (pixel: number) => number;
}

/** The straight line from [from, to] to [0, width]. */
export function linear([from, to]: readonly [number, number], width: number): Scale {
  const per = width / (to - from);
  return Object.assign((step: number): number => (step - from) * per, {
    invert: (pixel: number): number => from + pixel / per,
  });
}
