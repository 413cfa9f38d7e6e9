import type { ReactNode } from 'react';
import { goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { useReducedMotion } from '../base/use-media.ts';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { PfnStrip } from '../pfn-strip/pfn-strip.tsx';

/** The pfn arrays at the cursor. */
export function PfnPane(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('pfns');
  const reducedMotion = useReducedMotion();
  const recording = useApp((s) => s.recording);
  if (loaded === null) return null;
  return (
    <PfnStrip
      key={recording}
      recording={loaded.recording}
      step={step}
      reducedMotion={reducedMotion}
      onSelect={(selection) => store.setState({ selection })}
      onJumpTo={goTo}
    />
  );
}
