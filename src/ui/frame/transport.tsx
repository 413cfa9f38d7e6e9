import type { ReactNode } from 'react';
import { LANDMARKS, type Landmark } from '../../recording/landmarks.ts';
import { SPEEDS } from '../../session/play.ts';
import { store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { Icon } from '../base/icon.tsx';
import { useApp, useLoaded } from '../base/use-app.ts';

/** Moving through the recording with the pointer; every button is a command with a key. */
export function Transport(): ReactNode {
  return (
    <div className="transport" role="toolbar" aria-label="Transport">
      <Do id="first" className="button icon-only">
        <Icon name="first" />
      </Do>
      <Do id="over-back" className="button icon-only">
        <Icon name="overBack" />
      </Do>
      <Do id="back" className="button icon-only">
        <Icon name="back" />
      </Do>
      <PlayButton />
      <Do id="step" className="button icon-only">
        <Icon name="step" />
      </Do>
      <Do id="over" className="button icon-only">
        <Icon name="over" />
      </Do>
      <Do id="out" className="button icon-only">
        <Icon name="out" />
      </Do>
      <Do id="last" className="button icon-only">
        <Icon name="last" />
      </Do>
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
  const loaded = useLoaded();
  return (
    <span className="position">
      step <b>{step + 1}</b> of {loaded?.recording.length ?? 0}
    </span>
  );
}

const RUN_TITLES: readonly (readonly [Landmark, string])[] = LANDMARKS.map((k) => [
  k,
  {
    lock: 'lock',
    fault: 'fault',
    split: 'split',
    migration: 'migration',
    flush: 'flush',
    notifier: 'notifier',
    retry: 'retry',
    finding: 'finding',
  }[k],
]);

/** One pair of small buttons per kind of landmark that the recording has. */
function RunTo(): ReactNode {
  const loaded = useLoaded();
  if (loaded === null) return null;
  return (
    <span className="runto">
      {RUN_TITLES.filter(([k]) => loaded.landmarks[k].length > 0).map(([k, title]) => (
        <span key={k} className={`runto-pair mark-${k}`}>
          <Do id={`back-to-${k}`} className="button mini">
            <span aria-hidden="true">‹</span>
          </Do>
          <Do id={`to-${k}`} className="button mini">
            <span className="runto-name">
              {title} <i>{loaded.landmarks[k].length}</i> ›
            </span>
          </Do>
        </span>
      ))}
    </span>
  );
}
