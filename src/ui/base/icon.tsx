import type { ReactNode } from 'react';

/** Outlines on a 16 x 16 grid, drawn with round 1.5 strokes in the text's colour. */
const SHAPES = {
  first: 'M4 3v10M12.5 3.5 6.5 8l6 4.5z',
  back: 'M11 3.5 5 8l6 4.5z',
  overBack: 'M13 10a5 5 0 0 0-9.6-1.6M3 4.5v4h4M8 13h.01',
  out: 'M8 11V3M4.5 6.5 8 3l3.5 3.5M3.5 13.5h9',
  over: 'M3 10a5 5 0 0 1 9.6-1.6M13 4.5v4H9M8 13h.01',
  step: 'M5 3.5 11 8l-6 4.5z',
  last: 'M12 3v10M3.5 3.5 9.5 8l-6 4.5z',
  play: 'M4.5 3 13 8l-8.5 5z',
  pause: 'M5 3.5v9M11 3.5v9',
  close: 'M4 4l8 8M12 4l-8 8',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  list: 'M3 4h10M3 8h10M3 12h6',
  open: 'M8 10V2.5M5 5.5l3-3 3 3M3 10v3h10v-3',
  link: 'M6.5 9.5l3-3M7 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11 8.5M9 11.5l-1.200 1.200a2.800 2.800 0 0 1-4-4L5 7.500',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
