import type { ReactNode } from 'react';

/** Patterns that tell the kinds apart without colour: hatched = migration, dotted = device, ruled = swapped out. */
export function Patterns(): ReactNode {
  return (
    <defs>
      <pattern
        id="stage-hatch"
        className="hatch"
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line x1="0" y1="0" x2="0" y2="7" strokeWidth="2" opacity="0.2" />
      </pattern>
      <pattern id="stage-dots" className="dots" width="8" height="8" patternUnits="userSpaceOnUse">
        <circle cx="2" cy="2" r="1.1" opacity="0.3" />
        <circle cx="6" cy="6" r="1.1" opacity="0.3" />
      </pattern>
      <pattern id="stage-rules" className="rules" width="6" height="6" patternUnits="userSpaceOnUse">
        <line x1="0" y1="3" x2="6" y2="3" strokeWidth="1" opacity="0.25" />
      </pattern>
      <pattern id="stage-pages" className="sheaf" width="5" height="3" patternUnits="userSpaceOnUse">
        <rect width="5" height="2" opacity="0.7" />
      </pattern>
    </defs>
  );
}
