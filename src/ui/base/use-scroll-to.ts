import { type RefObject, useCallback, useRef } from 'react';
import { FRAME, onFrame } from '../../session/frame.ts';

/**
 * Scrolling by program without laying out the page in the middle of an update: the place is set in the next frame,
 * when everything else has been written, and the scroll event that follows is told apart from the person's own.
 */
export function useScrollTo(box: RefObject<HTMLElement | null>): {
  readonly scrollTo: (top: number) => void;
  /** To be asked at each scroll event: true when it is the answer to scrollTo(). */
  readonly isOwn: () => boolean;
} {
  const wanted = useRef(0);
  const own = useRef(false);
  const apply = useCallback(() => {
    const el = box.current;
    // Where it stands already no scroll event would follow.
    if (el === null || Math.abs(el.scrollTop - wanted.current) < 1) return;
    own.current = true;
    el.scrollTo({ top: wanted.current, behavior: 'instant' });
  }, [box]);
  const scrollTo = useCallback(
    (top: number) => {
      wanted.current = top;
      onFrame(apply, FRAME.LAST);
    },
    [apply],
  );
  const isOwn = useCallback(() => {
    const was = own.current;
    own.current = false;
    return was;
  }, []);
  return { scrollTo, isOwn };
}
