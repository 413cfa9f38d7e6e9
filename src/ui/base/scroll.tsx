/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions -- without focus the keyboard could not scroll such a part */
import type { KeyboardEvent, ReactNode, Ref } from 'react';

/** A part of the page that scrolls by itself: named, and focusable so that the keyboard can scroll it. */
export function Scroll({
  label,
  className,
  children,
  box,
  onScroll,
  onKeyDown,
}: {
  label: string;
  className: string;
  children: ReactNode;
  box?: Ref<HTMLElement>;
  onScroll?: (el: HTMLElement) => void;
  onKeyDown?: (e: KeyboardEvent<HTMLElement>) => void;
}): ReactNode {
  return (
    <section
      className={className}
      aria-label={label}
      tabIndex={0}
      ref={box}
      onScroll={onScroll && ((e) => onScroll(e.currentTarget))}
      onKeyDown={onKeyDown}
    >
      {children}
    </section>
  );
}
