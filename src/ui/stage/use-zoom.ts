import { select, zoom, type ZoomBehavior, zoomIdentity, type ZoomTransform } from 'd3';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** How far past the end of the scale a person must turn the wheel before the level changes. */
const PAST_THE_END = 160;

export interface ZoomHandlers {
  /** the view moved */
  readonly onMove: (t: ZoomTransform) => void;
  /** the wheel went on past the end of the scale: +1 closer, -1 farther; where the pointer is */
  readonly onBeyond: (direction: 1 | -1, at: readonly [number, number]) => void;
}

export interface ZoomControl {
  /** zooms about a point (the middle when left out), or gives the whole picture (0) */
  readonly by: (factor: number, about?: readonly [number, number]) => void;
  readonly pan: (dx: number, dy: number) => void;
}

/** Wheel, pinch and drag by d3-zoom on an element; the handlers may change without losing the position. */
export function useZoom(
  ref: RefObject<HTMLElement | null>,
  most: number,
  handlers: ZoomHandlers,
  ms: number,
): ZoomControl {
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  const behaviour = useRef<ZoomBehavior<HTMLElement, unknown> | undefined>(undefined);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    let past = 0;
    const z = zoom<HTMLElement, unknown>()
      .scaleExtent([1, most])
      .extent(() => [
        [0, 0],
        [element.clientWidth, element.clientHeight],
      ])
      .translateExtent([
        [0, 0],
        [element.clientWidth, element.clientHeight],
      ])
      .on('zoom', (event: { transform: ZoomTransform }) => {
        z.translateExtent([
          [0, 0],
          [element.clientWidth, element.clientHeight],
        ]);
        latest.current.onMove(event.transform);
      });
    const wheel = (event: WheelEvent): void => {
      const k = (element as unknown as { __zoom?: ZoomTransform }).__zoom?.k ?? 1;
      const end = event.deltaY < 0 ? k >= most * 0.999 : k <= 1.001;
      past = end ? past + event.deltaY : 0;
      if (Math.abs(past) < PAST_THE_END) return;
      const box = element.getBoundingClientRect();
      latest.current.onBeyond(past < 0 ? 1 : -1, [event.clientX - box.left, event.clientY - box.top]);
      past = 0;
    };
    element.addEventListener('wheel', wheel, { passive: true });
    behaviour.current = z;
    const selection = select(element);
    selection
      .call(z)
      .on('dblclick.zoom', null)
      .call((s) => z.transform(s, zoomIdentity));
    return () => {
      element.removeEventListener('wheel', wheel);
      selection.on('.zoom', null);
    };
  }, [ref, most]);
  const run = (act: (z: ZoomBehavior<HTMLElement, unknown>, element: HTMLElement) => void): void => {
    if (behaviour.current !== undefined && ref.current !== null) act(behaviour.current, ref.current);
  };
  return {
    by: (factor, about) =>
      run((z, element) => {
        const target = select(element).transition('zoom').duration(ms);
        if (factor === 0) target.call((s) => z.transform(s, zoomIdentity));
        else target.call((s) => z.scaleBy(s, factor, about === undefined ? undefined : [about[0], about[1]]));
      }),
    pan: (dx, dy) =>
      run(
        (z, element) =>
          void select(element)
            .transition('zoom')
            .duration(ms / 2)
            .call((s) => z.translateBy(s, dx, dy)),
      ),
  };
}
