import type { ReactNode } from 'react';
import { goTo } from '../../session/player.ts';
import { pause } from '../../session/play.ts';
import { Room } from '../base/room.tsx';
import { useApp, useLoaded } from '../base/use-app.ts';
import { useScrub } from './use-scrub.ts';

/** The whole recording as one slider; keys move it step by step. */
export function Scrubber(): ReactNode {
  const loaded = useLoaded();
  const step = useApp((s) => s.step);
  const length = loaded?.recording.length ?? 0;
  const last = Math.max(0, length - 1);
  const drag = useScrub((part) => {
    pause();
    goTo(Math.round(part * (last + 1)) - 1);
  });
  return (
    <Room className="scrubber-room">
      <input
        className="scrubber"
        type="range"
        aria-label="Step"
        aria-valuetext={`step ${step + 1} of ${length}`}
        min={-1}
        max={last}
        value={step}
        disabled={length === 0}
        onPointerDown={drag}
        onChange={(e) => {
          pause();
          goTo(Number(e.target.value));
        }}
      />
    </Room>
  );
}
