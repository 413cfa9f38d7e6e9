import type { ReactNode } from 'react';
import { goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { useDarkTheme, useReducedMotion } from '../base/use-media.ts';
import { Stage } from '../stage/stage.tsx';

/** The stage at the cursor, in the colours and the pace of the page. */
export function StagePane(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const theme = useDarkTheme() ? 'dark' : 'light';
  const reducedMotion = useReducedMotion();
  const speed = useApp((s) => s.speed);
  const playing = useApp((s) => s.playing !== 0);
  const recording = useApp((s) => s.recording);
  if (loaded === null) return <p className="empty">Preparing the first walk …</p>;
  return (
    <Stage
      key={recording}
      recording={loaded.recording}
      step={step}
      theme={theme}
      reducedMotion={reducedMotion}
      speed={speed}
      playing={playing}
      onSelect={(selection) => store.setState({ selection })}
      onJumpTo={goTo}
    />
  );
}
