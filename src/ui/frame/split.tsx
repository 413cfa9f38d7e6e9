import { Fragment, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { storage } from '../../session/settings.ts';

/** One of the parts of a split: its share of the room in percent, and the least it can be made by hand. */
export interface SplitPart {
  readonly id: string;
  readonly size: number;
  readonly min: number;
  readonly content: ReactNode;
}

interface SplitProps {
  readonly id: string;
  readonly orientation: 'horizontal' | 'vertical';
  /** one or two */
  readonly parts: readonly SplitPart[];
}

/** One part, or two side by side or one above the other, with a bar between them; the share is remembered. */
export function Split({ id, orientation, parts }: SplitProps): ReactNode {
  const [first, second] = parts;
  const box = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(() => keptShare(id));
  if (first === undefined) return null;
  const least = first.min;
  const most = 100 - (second?.min ?? 0);
  const usual = second === undefined ? 100 : (100 * first.size) / (first.size + second.size);
  const now = second === undefined ? 100 : Math.max(least, Math.min(share ?? usual, most));
  const move = (to: number | undefined, done: boolean): void => {
    const next = to === undefined ? undefined : Math.max(least, Math.min(to, most));
    setShare(next);
    if (done) storage.setItem(`split.${id}`, next === undefined ? '' : next.toFixed(2));
  };
  return (
    <div ref={box} className={`split ${orientation}`}>
      {parts.map((part, i) => (
        <Fragment key={part.id}>
          {i === 0 ? null : (
            <Separator
              label={`Resize ${part.id}`}
              controls={`panel-${first.id}`}
              orientation={orientation}
              value={now}
              least={least}
              most={most}
              room={() => box.current?.getBoundingClientRect()}
              onMove={move}
            />
          )}
          <div id={`panel-${part.id}`} className="panel" style={{ flexGrow: i === 0 ? now : 100 - now }}>
            {part.content}
          </div>
        </Fragment>
      ))}
    </div>
  );
}

/** The share that was chosen on an earlier visit, in percent. */
function keptShare(id: string): number | undefined {
  const kept = Number.parseFloat(storage.getItem(`split.${id}`) ?? '');
  return Number.isFinite(kept) ? kept : undefined;
}

interface SeparatorProps {
  readonly label: string;
  /** id of the part before it */
  readonly controls: string;
  readonly orientation: 'horizontal' | 'vertical';
  /** share of the part before it, percent */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly room: () => DOMRect | undefined;
  /** `to` undefined = as it was at first; `done` = the hand has let go */
  readonly onMove: (to: number | undefined, done: boolean) => void;
}

/** Percent that an arrow key moves the bar. */
const STRIDE = 5;

/** The bar between two parts: dragged, or moved by arrow keys, Home and End; a double click puts it back. */
function Separator(p: SeparatorProps): ReactNode {
  const across = p.orientation === 'horizontal';
  /** how far the pointer is from the bar's begin while it drags */
  const held = useRef<number | undefined>(undefined);
  const at = (e: PointerEvent): number => (across ? e.clientX : e.clientY);
  const share = (e: PointerEvent): number => {
    const room = p.room();
    if (room === undefined) return p.value;
    return (
      ((at(e) - (held.current ?? 0) - (across ? room.left : room.top)) / (across ? room.width : room.height)) * 100
    );
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const to = {
      [across ? 'ArrowLeft' : 'ArrowUp']: p.value - STRIDE,
      [across ? 'ArrowRight' : 'ArrowDown']: p.value + STRIDE,
      Home: p.least,
      End: p.most,
    }[e.key];
    if (to === undefined || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    e.stopPropagation();
    p.onMove(to, true);
  };
  return (
    // A separator that can be moved is a control in the sense of ARIA.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="separator"
      role="separator"
      aria-label={p.label}
      aria-controls={p.controls}
      aria-orientation={across ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(p.value)}
      aria-valuemin={p.least}
      aria-valuemax={p.most}
      data-own-keys=""
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
      tabIndex={0}
      onKeyDown={onKeyDown}
      onDoubleClick={() => p.onMove(undefined, true)}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        const box = e.currentTarget.getBoundingClientRect();
        held.current = at(e) - (across ? box.left : box.top);
        e.currentTarget.setPointerCapture(e.pointerId);
      }}
      onPointerMove={(e) => {
        if (held.current !== undefined) p.onMove(share(e), false);
      }}
      onLostPointerCapture={(e) => {
        if (held.current === undefined) return;
        p.onMove(p.value, true);
        held.current = undefined;
        e.stopPropagation();
      }}
    />
  );
}
