import { type KeyboardEvent, type ReactNode, Suspense } from 'react';

/** One tab: what it is called where it counts, what it says, its tooltip, and what stands behind the title. */
export interface Tab<T extends string> {
  readonly id: T;
  readonly title: string;
  readonly hint?: string;
  readonly mark?: ReactNode;
}

/** The tab that a key goes to, or undefined when the key is not one of theirs. */
function tabOfKey(key: string, at: number, count: number): number | undefined {
  const to = { ArrowRight: (at + 1) % count, ArrowLeft: (at - 1 + count) % count, Home: 0, End: count - 1 };
  return (to as Readonly<Record<string, number>>)[key];
}

/**
 * Tabs and the panel of the one in front, which comes as the child. Arrows, Home and End go from tab to tab; only the
 * one in front is in the tab order. `name` begins the ids: one of its own for every set of tabs that the page has.
 */
export function Tabs<T extends string>({
  name,
  label,
  tabs,
  shown,
  onShow,
  className = '',
  children,
}: {
  name: string;
  label: string;
  tabs: readonly Tab<T>[];
  shown: T;
  onShow: (id: T) => void;
  className?: string;
  children: ReactNode;
}): ReactNode {
  const onKeyDown = (e: KeyboardEvent): void => {
    const to = tabOfKey(
      e.key,
      tabs.findIndex((t) => t.id === shown),
      tabs.length,
    );
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    onShow(next.id);
    document.getElementById(`${name}-${next.id}`)?.focus();
  };
  return (
    <div className={`tabbed ${className}`}>
      <div className="tabs" role="tablist" aria-label={label} data-own-keys="" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title, hint, mark }) => (
          <button
            key={id}
            id={`${name}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === shown}
            aria-controls={`${name}-panel`}
            tabIndex={id === shown ? 0 : -1}
            title={hint}
            onClick={() => onShow(id)}
          >
            {title}
            {mark}
          </button>
        ))}
      </div>
      <div id={`${name}-panel`} className="tab-panel" role="tabpanel" aria-labelledby={`${name}-${shown}`}>
        <Suspense fallback={null}>{children}</Suspense>
      </div>
    </div>
  );
}
