import { type Dispatch, type RefObject, type SetStateAction, useLayoutEffect, useState } from 'react';

/** What is seen of a list that scrolls: how far down, and how high, in CSS pixels. */
export interface View {
  readonly top: number;
  readonly height: number;
}

/** The part of `box` that is seen. Its height follows the element; who scrolls tells the top. */
export function useView(box: RefObject<HTMLElement | null>): [View, Dispatch<SetStateAction<View>>] {
  const [view, setView] = useState<View>({ top: 0, height: 300 });
  useLayoutEffect(() => {
    const el = box.current;
    if (el === null) return undefined;
    const seen = new ResizeObserver(([entry]) => {
      const height = entry?.contentRect.height ?? 300;
      setView((v) => ({ ...v, height }));
    });
    seen.observe(el);
    return () => seen.disconnect();
  }, [box]);
  return [view, setView];
}
