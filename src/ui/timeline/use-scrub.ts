import { type PointerEvent, useEffect, useRef } from 'react';
import { onFrame } from '../../session/frame.ts';

/** Width of the thumb, in CSS pixels: its middle is under the pointer. */
const THUMB = 16;

/**
 * Browsers hold pointer moves back until a frame begins, so that whatever answers them comes on top of that frame's own
 * work. This event comes at once, where there is one: the answer is written while the frame is waited for.
 */
const MOVE = 'onpointerrawupdate' in globalThis ? 'pointerrawupdate' : 'pointermove';

/**
 * Dragging a slider with a mouse or a pen: `to` hears where the pointer is, as a part of the way from 0 to 1, at most once
 * for each frame, as early in it as can be. Fingers and keys are left to the browser.
 * @returns what the slider does when the pointer goes down on it
 */
export function useScrub(to: (part: number) => void): (e: PointerEvent<HTMLInputElement>) => void {
  const told = useRef(to);
  useEffect(() => {
    told.current = to;
  }, [to]);
  const stop = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => stop.current?.(), []);
  return (e) => {
    const slider = e.currentTarget;
    if (e.pointerType === 'touch' || e.button !== 0 || slider.disabled) return;
    // The slider's own dragging, which begins with the mouse button, and its focus with it.
    e.preventDefault();
    slider.focus({ preventScroll: true });
    slider.setPointerCapture(e.pointerId);
    stop.current?.();
    stop.current = drag(slider, e.clientX, (part) => told.current(part));
  };
}

/** Follows the pointer until it is let go. @returns the way to end it before */
function drag(slider: HTMLInputElement, from: number, to: (part: number) => void): () => void {
  const { left, width } = slider.getBoundingClientRect();
  const over = new AbortController();
  const rest = new MessageChannel();
  let wanted = from;
  let shown = Number.NaN;
  let busy = false;
  const show = (): void => {
    if (busy || wanted === shown) return;
    busy = true;
    shown = wanted;
    to(Math.max(0, Math.min(1, (shown - left - THUMB / 2) / Math.max(1, width - THUMB))));
    // Once it is written (React does so in a task of its own behind this one), style and layout need not wait for the frame either.
    queueMicrotask(() => slider.getBoundingClientRect());
    // Not again before this one is painted.
    onFrame(() => rest.port2.postMessage(0));
  };
  rest.port1.addEventListener('message', () => {
    busy = false;
    show();
  });
  rest.port1.start();
  const end = (): void => {
    over.abort();
    rest.port1.close();
  };
  const { signal } = over;
  slider.addEventListener(
    MOVE,
    (e) => {
      wanted = (e as globalThis.PointerEvent).clientX;
      show();
    },
    { signal },
  );
  slider.addEventListener(
    'pointerup',
    (e) => {
      end();
      if (e.clientX === shown) return;
      busy = false;
      wanted = e.clientX;
      show();
    },
    { signal },
  );
  slider.addEventListener('lostpointercapture', end, { signal });
  show();
  return end;
}
