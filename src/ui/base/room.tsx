import { type ReactNode, useLayoutEffect, useRef } from 'react';

/**
 * A box whose content is laid out by itself: a text that changes inside lays out nothing outside. Browsers do that for
 * boxes out of the flow whose size is given in pixels, and for no others; so the size that the outer box has from its
 * style sheet, which must not depend on the content, is handed to the inner one.
 */
export function Room({ className, children }: { className: string; children: ReactNode }): ReactNode {
  const outer = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = outer.current;
    if (box === null) return undefined;
    const seen = new ResizeObserver(([entry]) => {
      if (entry === undefined || inner.current === null) return;
      inner.current.style.width = `${entry.contentRect.width}px`;
      inner.current.style.height = `${entry.contentRect.height}px`;
    });
    seen.observe(box);
    return () => seen.disconnect();
  }, []);
  return (
    <div ref={outer} className={`room ${className}`}>
      <div ref={inner} className="room-inside">
        {children}
      </div>
    </div>
  );
}
