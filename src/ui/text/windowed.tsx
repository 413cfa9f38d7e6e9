import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import { useScrollTo } from '../base/use-scroll-to.ts';
import { useView } from '../base/use-view.ts';

/** Browsers lay out no more than some 30 million pixels; longer lists are scrolled in proportion. */
const MAX_PIXELS = 8_000_000;
const OVERSCAN = 6;

export interface WindowedProps {
  readonly count: number;
  /** pixels; the style sheet gives the rows that height */
  readonly rowHeight: number;
  /** row to keep in view, -1 = none */
  readonly current: number;
  /** name of a list box; a row group is named by its table */
  readonly label?: string;
  readonly role: 'listbox' | 'rowgroup';
  /** a row moves by keys: the list asks for another current row */
  readonly onMove?: (row: number) => void;
  readonly activeId?: string;
  readonly renderRow: (i: number) => ReactNode;
}

/** A list of which only the rows in view exist. */
export function Windowed(p: WindowedProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useView(box);
  const { scrollTo, isOwn } = useScrollTo(box);
  const full = p.count * p.rowHeight;
  const pixels = Math.min(full, MAX_PIXELS);
  const visible = Math.ceil(view.height / p.rowHeight);
  const maxTop = Math.max(1, pixels - view.height);
  const first =
    full <= MAX_PIXELS
      ? Math.floor(view.top / p.rowHeight)
      : Math.round((Math.min(view.top, maxTop) / maxTop) * Math.max(0, p.count - visible));
  const from = Math.max(0, first - OVERSCAN);
  const to = Math.min(p.count, first + visible + OVERSCAN);
  const offset =
    full <= MAX_PIXELS
      ? from * p.rowHeight
      : Math.max(0, Math.min(view.top - (first - from) * p.rowHeight, pixels - (to - from) * p.rowHeight));

  useLayoutEffect(() => {
    if (p.current < 0) return;
    const shown = Math.floor(view.height / p.rowHeight);
    if (p.current >= first && p.current < first + shown - 1) return;
    const want = Math.max(0, Math.min(p.count - shown, p.current - Math.floor(shown * 0.4)));
    const top = full <= MAX_PIXELS ? want * p.rowHeight : (want / Math.max(1, p.count - shown)) * maxTop;
    scrollTo(top);
    // The rows for the new place have to be there in this very frame.
    // oxlint-disable-next-line react/set-state-in-effect
    setView((v) => ({ ...v, top }));
    // Only a new current row scrolls: the person's own scrolling is left alone.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies, react/exhaustive-deps
  }, [p.current, p.count, view.height]);

  const page = Math.max(1, visible - 2);
  const onKeyDown = (e: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -p.count, End: p.count }[e.key];
    if (by === undefined || p.onMove === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    e.stopPropagation();
    p.onMove(Math.max(0, Math.min(p.count - 1, p.current + by)));
  };

  return (
    <div
      className="windowed"
      ref={box}
      tabIndex={0}
      role={p.role}
      aria-label={p.label}
      aria-activedescendant={p.role === 'listbox' ? p.activeId : undefined}
      data-own-keys=""
      onKeyDown={onKeyDown}
      onScroll={(e) => {
        if (isOwn()) return;
        const top = e.currentTarget.scrollTop;
        setView((v) => (v.top === top ? v : { ...v, top }));
      }}
    >
      <div className="windowed-all" style={{ height: pixels }} role="presentation">
        <div className="windowed-rows" style={{ transform: `translateY(${offset}px)` }} role="presentation">
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => p.renderRow(from + i))}
        </div>
      </div>
    </div>
  );
}
