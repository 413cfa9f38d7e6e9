import type { ZoomTransform } from 'd3';
import { type ReactNode, useLayoutEffect, useMemo, useRef } from 'react';
import { addressText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { offFrame, onFrame } from '../../session/frame.ts';
import { KindMap } from '../../scene/kind-map.ts';
import { actorWord } from '../../scene/lock-view.ts';
import type { StageModel } from '../../scene/stage-model.ts';
import { cellAt, mapFrame, pageUnder, paintMap } from './paint/map.ts';
import { MapImage } from './paint/map-image.ts';
import { type Palette, readPalette } from './paint/palette.ts';

export interface MapLevelProps {
  readonly recording: Recording;
  readonly model: StageModel;
  readonly w: number;
  readonly h: number;
  readonly theme: string;
  /** how the map is zoomed; a new object with each move */
  readonly transform: ZoomTransform;
  readonly onPick: (page: number) => void;
  /** is given a function that tells where the page in focus lies now, for zooming towards it */
  readonly onFocusPoint: (where: () => readonly [number, number] | undefined) => void;
}

/** The farthest look: every entry of the process as one pixel, a row per 2 MiB. */
export function MapLevel({ recording, model, w, h, theme, transform, onPick, onFocusPoint }: MapLevelProps): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null);
  const image = useMemo(() => new MapImage(new KindMap(recording)), [recording]);
  const palette = useRef<{ theme: string; palette: Palette } | undefined>(undefined);
  const frame = mapFrame(image, w, h);
  // The cursor has moved or the view has: painted in the next frame, once.
  useLayoutEffect(() => {
    const turn = (): void => {
      const canvas = ref.current;
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return;
      fitCanvas(canvas, w, h);
      if (palette.current?.theme !== theme) palette.current = { theme, palette: readPalette(canvas) };
      image.update(image.map.sync(), palette.current.palette);
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      const cursors = model.cursors.map((c) => ({ actor: c.actor, page: c.page, name: actorWord(recording, c.actor) }));
      paintMap(
        context,
        image,
        mapFrame(image, w, h),
        transform,
        { cursors, request: model.request, address: (page) => addressText(recording, page) },
        palette.current.palette,
        w,
        h,
      );
    };
    onFrame(turn);
    return () => offFrame(turn);
  }, [recording, image, w, h, theme, transform, model]);
  useLayoutEffect(() => {
    onFocusPoint(() => {
      const at = cellAt(image, mapFrame(image, w, h), model.focus);
      return at === undefined ? undefined : [transform.applyX(at[0]), transform.applyY(at[1])];
    });
  }, [image, model, transform, w, h, onFocusPoint]);
  const pageAt = (clientX: number, clientY: number): number => {
    const box = ref.current?.getBoundingClientRect();
    if (box === undefined) return -1;
    return pageUnder(image, frame, transform.invertX(clientX - box.left), transform.invertY(clientY - box.top));
  };
  return (
    <canvas
      ref={ref}
      aria-hidden="true"
      onClick={(e) => {
        const page = pageAt(e.clientX, e.clientY);
        if (page >= 0) onPick(page);
      }}
    />
  );
}

function fitCanvas(canvas: HTMLCanvasElement, w: number, h: number): void {
  const [pw, ph] = [Math.round(w * devicePixelRatio), Math.round(h * devicePixelRatio)];
  if (canvas.width === pw && canvas.height === ph) return;
  canvas.width = pw;
  canvas.height = ph;
}
