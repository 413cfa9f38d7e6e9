import { type ZoomTransform, zoomIdentity } from 'd3';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Recording } from '../../recording/recording.ts';
import type { Pages } from '../../scene/run-index.ts';
import type { Selection } from '../../scene/selection.ts';
import { stageScene } from '../../scene/stage-scene.ts';
import type { StageScene } from '../../scene/stage-shapes.ts';
import { entrySentence, folioSentence, stageSummary, stageText } from '../../scene/stage-text.ts';
import { EntryLevel } from './entry-level.tsx';
import { Lens, LensRoom } from './lens.tsx';
import { MapLevel } from './map-level.tsx';
import { StageTables } from './stage-tables.tsx';
import { StageTools } from './stage-tools.tsx';
import { TableLevel } from './table-level.tsx';
import { type Target, moveTarget, selectionOf } from './targets.ts';
import { useSize } from './use-size.ts';
import { useZoom } from './use-zoom.ts';
import './stage.css';
import './stage-html.css';

/** How close the stage looks: the whole process, one table with its neighbourhood, one entry with its bits. */
export type Level = 'map' | 'table' | 'entry';
const LEVELS: readonly Level[] = ['map', 'table', 'entry'];
const LEVEL_NAME: Readonly<Record<Level, string>> = { map: 'whole range', table: 'tables', entry: 'one entry' };

export interface StageProps {
  readonly recording: Recording;
  /** cursor; the recording stands there */
  readonly step: number;
  /** the scenario's requested pages (machine page numbers); found in the recording when left out */
  readonly request?: Pages | undefined;
  /** name of the colour theme in force; a change redraws what has colours baked in */
  readonly theme: string;
  readonly reducedMotion: boolean;
  /** steps per second while playing; transitions fit into a step */
  readonly speed: number;
  readonly playing?: boolean | undefined;
  readonly onSelect?: ((selection: Selection) => void) | undefined;
  readonly onJumpTo?: ((step: number) => void) | undefined;
}

/** The stage: the memory and the walk through it at one step. */
export function Stage({
  recording,
  step,
  request,
  theme,
  reducedMotion,
  speed,
  playing = false,
  onSelect,
  onJumpTo,
}: StageProps): ReactNode {
  const view = useRef<HTMLDivElement>(null);
  const size = useSize(view);
  const [level, setLevel] = useState<Level>('table');
  const [pin, setPin] = useState(-1);
  const [asText, setAsText] = useState(false);
  const [transform, setTransform] = useState<ZoomTransform>(zoomIdentity);
  const [target, setTarget] = useState<Target | undefined>();
  const focusPoint = useRef<() => readonly [number, number] | undefined>(() => undefined);
  const setFocusPoint = useCallback((where: () => readonly [number, number] | undefined) => {
    focusPoint.current = where;
  }, []);
  const [said, setSaid] = useState('');
  const { w, h } = size ?? { w: 0, h: 0 };
  const scene = useMemo(
    () => (w < 40 || recording.position !== step ? undefined : stageScene(recording, step, { w, h, pin, request })),
    [recording, step, w, h, pin, request],
  );
  const zoom = useZoom(
    view,
    level === 'map' ? 48 : 3,
    {
      onMove: setTransform,
      onBeyond: (direction) => closer(direction),
    },
    reducedMotion ? 0 : 160,
  );
  const closer = (direction: 1 | -1): void => {
    const next = LEVELS[LEVELS.indexOf(level) + direction];
    if (next === undefined) return;
    setLevel(next);
    setSaid(`Now showing ${LEVEL_NAME[next]}`);
    zoom.by(0);
  };
  const zoomStep = (direction: 1 | -1 | 0): void => {
    if (direction === 0) {
      setLevel('table');
      zoom.by(0);
    } else if (
      level === 'entry' ||
      (level === 'table' && direction < 0 && transform.k <= 1.01) ||
      (level === 'table' && direction > 0 && transform.k >= 1.9)
    )
      closer(direction);
    else if (level === 'map' && direction > 0 && transform.k >= 24) closer(1);
    else zoom.by(direction > 0 ? 1.5 : 1 / 1.5, level === 'map' ? focusPoint.current() : undefined);
  };
  const choose = (t: Target): void => {
    if (scene === undefined) return;
    setTarget(t);
    const selection = selectionOf(t, scene);
    if (selection === undefined) return;
    if (selection.kind === 'entry' || selection.kind === 'page') setPin(selection.page);
    setSaid(wordsOf(recording, scene, t));
    onSelect?.(selection);
  };
  const keys = (e: KeyboardEvent): void => {
    const act = actionOf(e.key);
    if (act === undefined || e.altKey || e.ctrlKey || e.metaKey || scene === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (e.shiftKey && e.key.startsWith('Arrow'))
      zoom.pan(
        e.key === 'ArrowLeft' ? 60 : e.key === 'ArrowRight' ? -60 : 0,
        e.key === 'ArrowUp' ? 60 : e.key === 'ArrowDown' ? -60 : 0,
      );
    else if (act === 'in') zoomStep(1);
    else if (act === 'out') zoomStep(-1);
    else if (act === 'reset') zoomStep(0);
    else if (act === 'choose' && target !== undefined) choose(target);
    else if (act === 'unpin') {
      setPin(-1);
      setTarget(undefined);
      setSaid('Following the walker');
    } else if (act !== 'choose') {
      const next = moveTarget(scene, target, act);
      setTarget(next);
      if (next !== undefined) setSaid(wordsOf(recording, scene, next));
    }
  };
  const focusRow =
    scene === undefined
      ? undefined
      : (rowOfTarget(scene, target) ??
        scene.model.pteRows.find((r) => r.page === scene.model.focus) ??
        scene.model.pmd);
  const folio = scene === undefined ? undefined : folioOf(scene, target, focusRow?.pfn ?? -1);
  return (
    <div className="stage">
      {/* An application in the sense of ARIA: it has keys of its own, which its label names. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={view}
        className="stage-view"
        role="application"
        aria-roledescription="stage"
        aria-label={`Page tables and memory, ${LEVEL_NAME[level]}. Arrow keys move between entries, Enter pins one, plus and minus zoom.`}
        aria-describedby="stage-summary"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes the keyboard
        tabIndex={0}
        data-own-keys=""
        onKeyDown={keys}
        onMouseDown={keepFocus}
      >
        {level === 'table' && !asText ? (
          <TableLevel
            recording={recording}
            scene={scene}
            motion={{ reducedMotion, speed, playing }}
            transform={transform}
            target={target}
            onChoose={choose}
          />
        ) : null}
        {level === 'map' && scene !== undefined && !asText ? (
          <MapLevel
            recording={recording}
            model={scene.model}
            w={w}
            h={h}
            theme={theme}
            transform={transform}
            onFocusPoint={setFocusPoint}
            onPick={(page) => {
              setPin(page);
              setLevel('table');
              zoom.by(0);
            }}
          />
        ) : null}
        {level === 'entry' && scene !== undefined && !asText ? (
          <EntryLevel recording={recording} step={step} model={scene.model} onJumpTo={onJumpTo} />
        ) : null}
        {asText && scene !== undefined ? <StageTables tables={stageText(recording, scene.model)} /> : null}
      </div>
      <div className="stage-foot">
        {scene === undefined || focusRow === undefined ? (
          <LensRoom />
        ) : (
          <Lens recording={recording} entry={focusRow} folio={folio} />
        )}
        <StageTools
          level={LEVEL_NAME[level]}
          pinned={pin >= 0}
          asText={asText}
          onZoom={zoomStep}
          onPin={() => setPin(pin >= 0 ? -1 : (scene?.model.focus ?? -1))}
          onText={() => setAsText(!asText)}
        />
      </div>
      <Summary recording={recording} scene={scene} />
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

/** How long the picture has to stand before it is put into words that nobody sees, in milliseconds. */
const QUIET = 300;

/** The picture in two sentences, for assistive technology. */
function Summary({ recording, scene }: { recording: Recording; scene: StageScene | undefined }): ReactNode {
  const [text, setText] = useState('');
  useEffect(() => {
    if (scene === undefined) return undefined;
    const timer = setTimeout(() => setText(stageSummary(recording, scene.model)), QUIET);
    return () => clearTimeout(timer);
  }, [recording, scene]);
  return (
    <p id="stage-summary" className="visually-hidden">
      {text}
    </p>
  );
}

/** Dragging the stage must not take the keyboard away from where it is; only Tab or a click on a tool does. */
function keepFocus(e: { preventDefault: () => void; target: EventTarget }): void {
  if (!(e.target instanceof Element) || e.target.closest('button, a, .stage-tables, .entry-level') === null)
    e.preventDefault();
}

type Action = 'up' | 'down' | 'left' | 'right' | 'first' | 'last' | 'in' | 'out' | 'reset' | 'choose' | 'unpin';
const ACTIONS: Readonly<Record<string, Action>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'first',
  End: 'last',
  '+': 'in',
  '=': 'in',
  '-': 'out',
  '0': 'reset',
  Enter: 'choose',
  Escape: 'unpin',
};
const actionOf = (key: string): Action | undefined => ACTIONS[key];

function rowOfTarget(scene: StageScene, t: Target | undefined): StageScene['rows'][number]['row'] | undefined {
  return t === undefined ? undefined : scene.rows.find((r) => r.key === t.key)?.row;
}

function folioOf(
  scene: StageScene,
  t: Target | undefined,
  pfn: number,
): StageScene['cards'][number]['placed'] | undefined {
  const chosen = t === undefined ? undefined : scene.cards.find((c) => c.key === t.key)?.placed;
  return (
    chosen ??
    scene.model.folios.find((p) => pfn >= p.view.pfn && pfn < p.view.pfn + (1 << p.view.order)) ??
    scene.model.folios.find((p) => p.subject)
  );
}

function wordsOf(recording: Recording, scene: StageScene, t: Target): string {
  const row = scene.rows.find((r) => r.key === t.key);
  if (row !== undefined) return entrySentence(recording, row.row);
  const card = scene.cards.find((c) => c.key === t.key);
  return card === undefined ? '' : folioSentence(recording, card.placed.view);
}
