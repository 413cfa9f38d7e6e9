import { type ReactNode, useEffect, useRef, useState } from 'react';
import { LANDMARKS, findLandmarks } from '../../recording/landmarks.ts';
import type { Recording } from '../../recording/recording.ts';
import { type Loaded, loaded } from '../../session/player.ts';
import { saveBlob } from '../../session/save.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp, useLoaded } from '../base/use-app.ts';
import { MOST_FRAMES, gifOf } from './animation.ts';
import { compose } from './compose.ts';
import type { Faces } from './faces.ts';
import { pngOf } from './raster.ts';
import { GROUNDS, type Ground, Studio } from './studio.tsx';
import { MOST_PANELS, readSteps } from './steps.ts';
import '../export/export.css';
import '../stage/stage.css';
import './pictures.css';

/** Pixels of one panel: a slide's half, as legible in print as on a wall. */
const PANEL = { w: 960, h: 500 } as const;
/** Pixels of a PNG for one of the picture; of an animated image, which is meant to be small. */
const SHARP = 2;
const SMALL = 0.75;

interface Made {
  readonly svg: string;
  readonly url: string;
}

/** The stage as a picture: one step, or chosen steps as a storyboard, as SVG, PNG or animated image. */
export function PicturesDialog(): ReactNode {
  const now = useLoaded();
  const at = useApp((s) => s.step);
  const [ground, setGround] = useState<Ground>(GROUNDS[0]);
  const [text, setText] = useState(String(at + 1));
  const [columns, setColumns] = useState(2);
  const [progress, setProgress] = useState('');
  const length = now?.recording.length ?? 0;
  const read = readSteps(text, length);
  const steps = read.ok ?? [];
  const faces = useFaces();
  const made = useMade(now, steps.slice(0, MOST_PANELS), ground, columns, faces);
  const running = useRef(false);
  useEffect(
    () => () => {
      running.current = false;
    },
    [],
  );
  if (now === null) return <Dialog title="Pictures">There is no recording yet.</Dialog>;
  const name = `${now.spec.scenario.id}-${text.replace(/[^\d]+/g, '-')}`;

  const savePng = async (): Promise<void> => {
    if (made === null) return;
    setProgress('Drawing …');
    try {
      saveBlob(`${name}.png`, await pngOf(made.svg, SHARP));
      setProgress(`Saved as ${name}.png.`);
    } catch (error) {
      setProgress(error instanceof Error ? error.message : String(error));
    }
  };
  const saveGif = async (): Promise<void> => {
    running.current = true;
    const studio = new Studio(PANEL.w, PANEL.h, ground.filled ? ground : GROUNDS[0], faces ?? null);
    try {
      const blob = await gifOf(
        steps.length,
        (i) => pictureOf(studio, now, [steps[i] as number], 1),
        1000 / Math.min(8, store.getState().speed),
        SMALL,
        (done) => {
          setProgress(`Frame ${done} of ${steps.length}`);
          return running.current && loaded() === now;
        },
      );
      if (blob === undefined) setProgress('Stopped.');
      else {
        saveBlob(`${name}.gif`, blob);
        setProgress(`Saved as ${name}.gif, ${Math.round(blob.size / 1000)} kB.`);
      }
    } catch (error) {
      setProgress(error instanceof Error ? error.message : String(error));
    } finally {
      running.current = false;
      studio.close();
    }
  };
  return (
    <Dialog title="Pictures" wide>
      <div className="export-choices">
        <label className="label">
          Steps, such as 62 or 40, 50-60
          <input
            className="field picture-steps"
            type="text"
            data-first=""
            value={text}
            aria-invalid={read.ok === undefined}
            onChange={(e) => setText(e.target.value)}
          />
        </label>
        <button type="button" className="button small" onClick={() => setText(turningPoints(now.recording))}>
          The run’s turning points
        </button>
        <label className="label">
          Ground
          <select
            className="field"
            value={ground.id}
            onChange={(e) => setGround(GROUNDS.find((g) => g.id === e.target.value) ?? ground)}
          >
            {GROUNDS.map((g) => (
              <option key={g.id} value={g.id}>
                {g.title}
              </option>
            ))}
          </select>
        </label>
        <label className="label">
          In a row
          <select className="field" value={columns} onChange={(e) => setColumns(Number(e.target.value))}>
            {[1, 2, 3, 4].map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </label>
      </div>
      {read.ok === undefined ? <p className="hint">{read.error}</p> : null}
      {steps.length > MOST_PANELS ? (
        <p className="hint">
          The picture shows the first {MOST_PANELS}; the animated image has all {steps.length}.
        </p>
      ) : null}
      <Scroll className="picture" label="Picture">
        {made === null ? null : <img src={made.url} alt={`Stage at step ${text}`} data-ground={ground.id} />}
      </Scroll>
      <p className="dialog-foot">
        <button
          type="button"
          className="button primary"
          disabled={made === null}
          onClick={() => {
            if (made !== null) saveBlob(`${name}.svg`, new Blob([made.svg], { type: 'image/svg+xml' }));
          }}
        >
          Save SVG
        </button>
        <button type="button" className="button" disabled={made === null} onClick={() => void savePng()}>
          Save PNG
        </button>
        <button
          type="button"
          className="button"
          disabled={steps.length < 2 || steps.length > MOST_FRAMES}
          title={`Two to ${MOST_FRAMES} steps`}
          onClick={() => {
            if (running.current) running.current = false;
            else void saveGif();
          }}
        >
          {progress.startsWith('Frame') ? 'Stop' : 'Save animated image'}
        </button>
        <output className="hint">{progress}</output>
      </p>
    </Dialog>
  );
}

function pictureOf(studio: Studio, l: Loaded, steps: readonly number[], columns: number): string {
  const { voice } = store.getState();
  const panels = steps.map((step) => studio.panel(l.recording, step, voice));
  return compose(studio, l.spec.scenario.title, panels, columns, l.recording.length);
}

/** The faces that pictures carry; undefined while they load, null when they cannot be had: then a picture has none. */
function useFaces(): Faces | null | undefined {
  const [faces, setFaces] = useState<Faces | null>();
  useEffect(() => {
    const fetch = async (): Promise<void> => {
      const { loadFaces } = await import('./faces.ts');
      setFaces(await loadFaces());
    };
    fetch().catch(() => setFaces(null));
  }, []);
  return faces;
}

/** Milliseconds that a picture outlives its replacement. */
const KEPT_MS = 10_000;

/** The picture of what is chosen, made anew a moment after the choice. */
function useMade(
  l: Loaded | null,
  steps: readonly number[],
  ground: Ground,
  columns: number,
  faces: Faces | null | undefined,
): Made | null {
  const [made, setMade] = useState<Made | null>(null);
  const wanted = steps.join(',');
  useEffect(() => {
    if (l === null || wanted === '' || faces === undefined) return undefined;
    let url = '';
    const timer = setTimeout(() => {
      const studio = new Studio(PANEL.w, PANEL.h, ground, faces);
      try {
        const svg = pictureOf(studio, l, wanted.split(',').map(Number), columns);
        url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
        setMade({ svg, url });
      } finally {
        studio.close();
      }
    }, 120);
    return () => {
      clearTimeout(timer);
      // The picture stays on the screen until the next one is there, and may be being read.
      setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    };
  }, [l, wanted, ground, columns, faces]);
  return wanted === '' ? null : made;
}

/** First step of each kind of landmark, ascending, as a person would write it. */
function turningPoints(rec: Recording): string {
  const marks = findLandmarks(rec);
  const firsts = LANDMARKS.filter((k) => k !== 'lock').flatMap((k) => (marks[k][0] === undefined ? [] : [marks[k][0]]));
  const last = rec.length - 1;
  return [...new Set([...firsts, last])]
    .toSorted((x, y) => x - y)
    .map((s) => s + 1)
    .join(', ');
}
