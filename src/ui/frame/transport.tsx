import type { ReactNode } from 'react';
import { LANDMARKS, type Landmark } from '../../recording/landmarks.ts';
import { SPEEDS } from '../../session/play.ts';
import { LANDMARK_NAMES } from '../../session/run-to.ts';
import { store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { Icon, type IconName } from '../base/icon.tsx';
import { useApp, useKnown, useLoaded } from '../base/use-app.ts';

interface MoveButton {
  readonly id: string;
  readonly icon: IconName;
}

/** Commands with their icons, before and behind the button that plays. */
const BACK: readonly MoveButton[] = [
  { id: 'first', icon: 'first' },
  { id: 'over-back', icon: 'overBack' },
  { id: 'back', icon: 'back' },
];
const ON: readonly MoveButton[] = [
  { id: 'step', icon: 'step' },
  { id: 'over', icon: 'over' },
  { id: 'out', icon: 'out' },
  { id: 'last', icon: 'last' },
];

function Move({ id, icon }: MoveButton): ReactNode {
  return (
    <Do id={id} className="button icon-only">
      <Icon name={icon} />
    </Do>
  );
}

/** Moving through the recording with the pointer; every button is a command with a key. */
export function Transport(): ReactNode {
  return (
    <div className="transport" role="toolbar" aria-label="Transport">
      {BACK.map((b) => (
        <Move key={b.id} {...b} />
      ))}
      <PlayButton />
      {ON.map((b) => (
        <Move key={b.id} {...b} />
      ))}
      <Speed />
      <Position />
      <RunTo />
    </div>
  );
}

function PlayButton(): ReactNode {
  const playing = useApp((s) => s.playing !== 0);
  return (
    <Do id="play" className="button icon-only primary" pressed={playing}>
      <Icon name={playing ? 'pause' : 'play'} />
    </Do>
  );
}

function Speed(): ReactNode {
  const speed = useApp((s) => s.speed);
  return (
    <label className="select-label">
      <span className="visually-hidden">Speed</span>
      <select className="field small" value={speed} onChange={(e) => store.setState({ speed: Number(e.target.value) })}>
        {(SPEEDS as readonly number[]).includes(speed) ? null : <option value={speed}>{speed} steps/s</option>}
        {SPEEDS.map((s) => (
          <option key={s} value={s}>
            {s} steps/s
          </option>
        ))}
      </select>
    </label>
  );
}

function Position(): ReactNode {
  const step = useApp((s) => s.step);
  const length = useLoaded()?.recording.length ?? 0;
  return (
    <span className="position" style={{ width: `${9 + 2 * String(length).length}ch` }}>
      <span>
        step <b>{step + 1}</b> of {length}
      </span>
    </span>
  );
}

/** What the buttons call a landmark: one word. */
const SHORT: Readonly<Record<Landmark, string>> = {
  ...LANDMARK_NAMES,
  migration: 'migration',
  flush: 'flush',
  notifier: 'notifier',
};

/** One pair of small buttons per kind of landmark that the recording has. */
function RunTo(): ReactNode {
  const landmarks = useKnown()?.landmarks;
  if (landmarks === undefined) return null;
  return (
    <span className="runto">
      {LANDMARKS.filter((k) => landmarks[k].length > 0).map((k) => (
        <span key={k} className={`runto-pair mark-${k}`}>
          <Do id={`back-to-${k}`} className="button mini">
            <span aria-hidden="true">‹</span>
          </Do>
          <Do id={`to-${k}`} className="button mini">
            <span className="runto-name">
              {SHORT[k]} <i>{landmarks[k].length}</i> ›
            </span>
          </Do>
        </span>
      ))}
    </span>
  );
}
