import { type RefObject, useLayoutEffect, useState } from 'react';

interface Size {
  readonly w: number;
  readonly h: number;
}

/**
 * Size of an element's content in CSS pixels, kept current. It is measured before the first paint, so that what depends
 * on it stands in the same frame as the element; undefined only while that renders for the first time.
 */
export function useSize(ref: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    // What is not displayed (on paper, where a sheet is printed) has no size; it comes back with the one it had.
    const seen = (w: number, h: number): void => {
      if (w > 0 && h > 0) setSize((old) => (old?.w === w && old.h === h ? old : { w, h }));
    };
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) seen(entry.contentRect.width, entry.contentRect.height);
    });
    const { width, height } = contentOf(element);
    seen(width, height);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** What the observer will say: the box without padding and border, fractions and all. */
function contentOf(element: HTMLElement): { readonly width: number; readonly height: number } {
  const style = getComputedStyle(element);
  const px = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + Number.parseFloat(style.getPropertyValue(name)), 0);
  return {
    width: px('width') - px('padding-left', 'padding-right', 'border-left-width', 'border-right-width'),
    height: px('height') - px('padding-top', 'padding-bottom', 'border-top-width', 'border-bottom-width'),
  };
}
