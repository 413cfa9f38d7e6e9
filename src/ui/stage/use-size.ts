import { type RefObject, useEffect, useState } from 'react';

/** Size of an element in CSS pixels, kept current; undefined until it has been measured. */
export function useSize(ref: RefObject<HTMLElement | null>): { readonly w: number; readonly h: number } | undefined {
  const [size, setSize] = useState<{ readonly w: number; readonly h: number }>();
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setSize((old) => (old?.w === width && old.h === height ? old : { w: width, h: height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
