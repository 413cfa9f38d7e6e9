import { type PointerEvent, type ReactNode, type WheelEvent, useEffect, useMemo, useRef } from 'react';
import { laneTrack } from '../../scene/lane-track.ts';
import { leadWith, zoomTracks } from '../../session/compare/lanes.ts';
import type { Lane } from '../../session/compare/state.ts';
import { offFrame, onFrame } from '../../session/frame.ts';
import { useDarkTheme } from '../base/use-media.ts';
import { paintTrack } from './paint-track.ts';
import { useCompare, useLanes } from './use-lanes.ts';

/** Pixels; more lanes have to do with less. */
const trackHeight = (lanes: number): number => (lanes > 2 ? 30 : 44);

/** A lane's calls by depth on the shared axis; a click makes the lane the main one, at that step. */
export function LaneTrack({ lane, index, width }: { lane: Lane; index: number; width: number }): ReactNode {
  const lanes = useLanes();
  const canvas = useRef<HTMLCanvasElement>(null);
  const window = useCompare((s) => s.window);
  const column = useCompare((s) => s.column);
  const dark = useDarkTheme();
  const al = lanes?.alignment;
  const height = trackHeight(lanes?.lanes.length ?? 0);
  const track = useMemo(
    () => (al === undefined || width <= 0 ? null : laneTrack(lane.recording, al, index, window, width)),
    [lane, al, index, window, width],
  );
  useEffect(() => {
    const paint = (): void => {
      const ctx = canvas.current?.getContext('2d');
      if (!canvas.current || !ctx || track === null) return;
      const ratio = globalThis.devicePixelRatio || 1;
      canvas.current.width = Math.round(width * ratio);
      canvas.current.height = Math.round(height * ratio);
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      const style = getComputedStyle(canvas.current);
      paintTrack(ctx, track, width, height, (name) => style.getPropertyValue(name).trim());
    };
    onFrame(paint);
    return () => offFrame(paint);
    // The theme decides what the colours' names mean.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [track, width, height, dark]);
  const [from, to] = window;
  const x = ((column + 0.5 - from) / (to - from)) * width;
  const onPointerDown = (e: PointerEvent<HTMLDivElement>): void => {
    const left = e.currentTarget.getBoundingClientRect().left;
    leadWith(index, Math.floor(from + ((e.clientX - left) / width) * (to - from)));
  };
  const onWheel = (e: WheelEvent): void => zoomTracks(e.deltaY > 0 ? 1.25 : 0.8);
  return (
    <div className="lane-track" style={{ height }} onPointerDown={onPointerDown} onWheel={onWheel}>
      <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
      {x >= 0 && x <= width ? <span className="cursor-line" style={{ transform: `translateX(${x}px)` }} /> : null}
    </div>
  );
}
