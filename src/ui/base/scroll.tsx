import type { ReactNode, Ref } from 'react';

/** A part of the page that scrolls by itself: named, and focusable so that the keyboard can scroll it. */
export function Scroll({
  label,
  className,
  children,
  box,
  onScroll,
}: {
  label: string;
  className: string;
  children: ReactNode;
  box?: Ref<HTMLElement>;
  /** told the new top, in pixels */
  onScroll?: (top: number) => void;
}): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- without it the keyboard cannot scroll this part
    <section
      className={className}
      aria-label={label}
      tabIndex={0}
      ref={box}
      onScroll={onScroll && ((e) => onScroll(e.currentTarget.scrollTop))}
    >
      {children}
    </section>
  );
}
