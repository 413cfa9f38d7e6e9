import type { ZoomTransform } from 'd3';
import { type PointerEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import type { Recording } from '../../recording/recording.ts';
import type { StageScene } from '../../scene/stage-shapes.ts';
import { StagePainter } from './painter.ts';
import { MOST, STILL } from './paint/motion.ts';
import { Patterns } from './patterns.tsx';
import { type Target, targetAt } from './targets.ts';

interface TableLevelProps {
  readonly recording: Recording;
  readonly scene: StageScene | undefined;
  readonly motion: { readonly reducedMotion: boolean; readonly speed: number; readonly playing: boolean };
  readonly transform: ZoomTransform;
  readonly target: Target | undefined;
  readonly onChoose: (t: Target) => void;
}

/** The tables as SVG: React mounts the group, the painter draws into it. */
export function TableLevel({ recording, scene, motion, transform, target, onChoose }: TableLevelProps): ReactNode {
  const root = useRef<SVGGElement>(null);
  const painter = useRef<StagePainter | undefined>(undefined);
  const last = useRef<{ recording: Recording; step: number; w: number; h: number } | undefined>(undefined);
  useLayoutEffect(() => {
    if (root.current === null || scene === undefined) return;
    painter.current ??= new StagePainter(root.current);
    const { step } = scene.model;
    const { w, h } = scene.frame;
    const was = last.current;
    const same = was !== undefined && was.recording === recording && was.w === w && was.h === h;
    const move = same ? step - was.step : 0;
    last.current = { recording, step, w, h };
    const ms =
      motion.reducedMotion || !same || Math.abs(move) > 400
        ? 0
        : Math.min(MOST, motion.playing ? 900 / motion.speed : MOST);
    painter.current.draw(recording, scene, ms < 24 ? STILL : { ms, forward: move >= 0 });
  }, [recording, scene, motion.reducedMotion, motion.speed, motion.playing]);
  const pick = (e: PointerEvent): void => {
    if (scene === undefined) return;
    const box = e.currentTarget.getBoundingClientRect();
    const t = targetAt(scene, transform.invertX(e.clientX - box.left), transform.invertY(e.clientY - box.top));
    if (t !== undefined) onChoose(t);
  };
  return (
    // A size in pixels: a drawing whose size follows its container is laid out anew, every text of it, with the page.
    <svg
      aria-hidden="true"
      style={scene && { width: scene.frame.w, height: scene.frame.h }}
      onClick={(e) => pick(e as unknown as PointerEvent)}
    >
      <Patterns />
      <g transform={transform.toString()}>
        <g ref={root} />
        {target === undefined ? null : (
          <rect
            className="chosen"
            x={target.box.x - 3}
            y={target.box.y - 3}
            width={target.box.w + 6}
            height={target.box.h + 6}
            rx="7"
          />
        )}
      </g>
    </svg>
  );
}
