import {
  type PointerEvent,
  type ReactNode,
  type WheelEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { brushX, select } from 'd3';
import { offFrame, onFrame } from '../../session/frame.ts';
import { LANDMARK_NAMES } from '../../session/run-to.ts';
import { type Loaded, goTo, loaded as loadedNow } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { stepLine } from '../../recording/narrate.ts';
import { useApp, useKnown, useLoaded } from '../base/use-app.ts';
import { useDarkTheme } from '../base/use-media.ts';
import { lockBars } from './lock-bars.ts';
import { LOCK_HEIGHT, MARKS, MARK_HEIGHT, type TimelineScene, paintTimeline, timelineLayout } from './paint.ts';
import { linear } from './scale.ts';
import { maxDepths } from './spans.ts';
import { Veil } from './veil.tsx';

/** Calls, locks and events of the whole recording or of a window of it; drag to zoom, click to go there. */
export function Timeline(): ReactNode {
  const loaded = useLoaded();
  if (loaded === null) return <p className="empty">The timeline appears with the recording.</p>;
  return <Chart key={store.getState().recording} loaded={loaded} />;
}

function useSize(): [React.RefObject<HTMLDivElement | null>, number, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const el = ref.current;
    if (el === null) return undefined;
    const seen = new ResizeObserver(() => setSize([el.clientWidth, el.clientHeight]));
    seen.observe(el);
    return () => seen.disconnect();
  }, []);
  return [ref, size[0], size[1]];
}

function Chart({ loaded }: { loaded: Loaded }): ReactNode {
  const window = useApp((s) => s.window);
  const [box, width, height] = useSize();
  const locks = useMemo(() => lockBars(loaded.recording), [loaded]);
  const deepest = useMemo(() => maxDepths(loaded.recording), [loaded]);
  const scene = useMemo<TimelineScene>(
    () => ({ loaded, locks, deepest, window, width, height }),
    [loaded, locks, deepest, window, width, height],
  );
  const at = timelineLayout(scene);
  return (
    <div className="timeline">
      <div className="timeline-names" aria-hidden="true">
        <span style={{ top: 0, height: MARK_HEIGHT }}>events</span>
        {loaded.recording.actors.slice(0, deepest.length).map((name, i) => (
          <span
            key={name}
            className={`actor-${i % 4}`}
            style={{ top: at.lanes + i * at.lane, height: Math.min(at.lane, 16) }}
            title={name}
          >
            {name}
          </span>
        ))}
        {locks.map((l, i) => (
          <span key={l.kind} className="timeline-lock" style={{ top: at.locks + i * LOCK_HEIGHT }}>
            {l.kind}
          </span>
        ))}
      </div>
      <div className="timeline-chart" ref={box}>
        <Picture scene={scene} />
        <Veil window={window} width={width} />
        <Cursor window={window} width={width} />
        <Touch window={window} width={width} height={height} />
      </div>
    </div>
  );
}

function Picture({ scene }: { scene: TimelineScene }): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null);
  const dark = useDarkTheme();
  useEffect(() => {
    const paint = (): void => {
      const canvas = ref.current;
      const ctx = canvas?.getContext('2d');
      if (!canvas || !ctx || scene.width === 0) return;
      const ratio = globalThis.devicePixelRatio || 1;
      canvas.width = Math.round(scene.width * ratio);
      canvas.height = Math.round(scene.height * ratio);
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const style = getComputedStyle(canvas);
      const inks = new Map<string, string>();
      paintTimeline(ctx, scene, (name) => {
        const known = inks.get(name) ?? style.getPropertyValue(name).trim();
        inks.set(name, known);
        return known;
      });
    };
    onFrame(paint);
    return () => offFrame(paint);
    // The theme decides what the colours' names mean.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [scene, dark]);
  const { recording } = scene.loaded;
  const landmarks = useKnown()?.landmarks ?? scene.loaded.landmarks;
  const events = MARKS.filter(([k]) => landmarks[k].length > 0).map(
    ([k]) => `${landmarks[k].length} × ${LANDMARK_NAMES[k]}`,
  );
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={`Timeline of ${recording.length} steps: ${events.join(', ')}. The step log says the same as text.`}
    />
  );
}

function Cursor({ window: [from, to], width }: { window: readonly [number, number]; width: number }): ReactNode {
  const step = useApp((s) => s.step);
  const x = ((step + 0.5 - from) / (to - from)) * width;
  if (x < 0 || x > width) return null;
  return <div className="cursor-line" style={{ transform: `translateX(${x}px)` }} />;
}

/** Pointer: hover names the step, a click goes there, a drag zooms, a double click shows everything. */
function Touch({
  window,
  width,
  height,
}: {
  window: readonly [number, number];
  width: number;
  height: number;
}): ReactNode {
  const svg = useRef<SVGGElement>(null);
  const [from, to] = window;
  useEffect(() => {
    const g = svg.current;
    if (g === null || width === 0) return undefined;
    const x = linear([from, to], width);
    const brush = brushX<unknown>()
      .extent([
        [0, 0],
        [width, height],
      ])
      .on('end', (e: { selection: [number, number] | null; sourceEvent?: MouseEvent | null }) => {
        // Taking the selection away again is no gesture of the person.
        if (!e.sourceEvent) return;
        if (e.selection === null) {
          const left = g.getBoundingClientRect().left;
          goTo(Math.floor(x.invert(e.sourceEvent.clientX - left)));
          return;
        }
        const [a, b] = [Math.floor(x.invert(e.selection[0])), Math.ceil(x.invert(e.selection[1]))];
        select(g).call((group) => brush.move(group, null));
        if (b - a >= 2) store.setState({ window: [a, b] });
      });
    select(g).call(brush);
    return () => {
      select(g).on('.brush', null).selectAll('*').remove();
    };
  }, [from, to, width, height]);

  const hover = useApp((s) => s.hover);
  const length = loadedNow()?.recording.length ?? 0;
  const onMove = (e: PointerEvent<SVGSVGElement>): void => {
    const left = e.currentTarget.getBoundingClientRect().left;
    const step = Math.floor(from + ((e.clientX - left) / width) * (to - from));
    store.setState({ hover: step >= 0 && step < length ? step : null });
  };
  /** The wheel zooms about the pointer; sideways (or with Shift) it moves the window. */
  const onWheel = (e: WheelEvent<SVGSVGElement>): void => {
    const span = to - from;
    const sideways = e.deltaX !== 0 ? e.deltaX : e.shiftKey ? e.deltaY : 0;
    const share = (e.clientX - e.currentTarget.getBoundingClientRect().left) / width;
    const next = sideways !== 0 ? span : Math.min(length, Math.max(20, span * (e.deltaY > 0 ? 1.25 : 0.8)));
    const start = sideways !== 0 ? from + (sideways / width) * span : from + share * (span - next);
    const first = Math.round(Math.max(0, Math.min(length - next, start)));
    store.setState({ window: [first, Math.max(first + 1, Math.round(first + next))] });
  };
  return (
    <>
      <svg
        className="timeline-touch"
        width={width}
        height={height}
        aria-hidden="true"
        onWheel={onWheel}
        onPointerMove={onMove}
        onPointerLeave={() => store.setState({ hover: null })}
        onDoubleClick={() => store.setState({ window: [0, Math.max(1, length)] })}
      >
        <g ref={svg} />
      </svg>
      {hover === null ? null : <Tip step={hover} x={((hover + 0.5 - from) / (to - from)) * width} width={width} />}
    </>
  );
}

function Tip({ step, x, width }: { step: number; x: number; width: number }): ReactNode {
  const rec = loadedNow()?.recording;
  const known = useKnown();
  if (!rec || known === null) return null;
  return (
    <>
      <div className="cursor-line timeline-hover" style={{ transform: `translateX(${x}px)` }} />
      <div
        className={x > width / 2 ? 'timeline-tip left' : 'timeline-tip'}
        style={x > width / 2 ? { right: width - x + 8 } : { left: x + 8 }}
      >
        {step < known.length ? stepLine(rec, step) : known.hidden}
      </div>
    </>
  );
}
