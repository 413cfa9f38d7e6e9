import type { ReactNode } from 'react';
import { togglePane } from '../../session/commands.ts';
import type { PaneId } from '../../session/store.ts';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';
import { Guard } from './guard.tsx';

/** A pane with its name and a way to close it; what goes wrong inside stays inside. */
export function Pane({ id, title, children }: { id: PaneId; title: string; children: ReactNode }): ReactNode {
  return (
    <section className={`pane pane-${id}`} aria-label={title}>
      <header className="pane-head">
        <h2>{title}</h2>
        <button
          type="button"
          className="button quiet tiny"
          aria-label={`Close ${title}`}
          title={`Close ${title}`}
          onClick={() => togglePane(id)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="pane-body">
        <Guard name={title}>{children}</Guard>
      </div>
    </section>
  );
}

const NAMES: readonly (readonly [PaneId, string])[] = [
  ['stage', 'Stage'],
  ['pfns', 'pfn arrays'],
  ['code', 'Code'],
  ['text', 'Text views'],
  ['timeline', 'Timeline'],
];

/** Buttons that open again what was closed. */
export function ClosedPanes(): ReactNode {
  const closed = useApp((s) => s.closed);
  if (closed.size === 0) return null;
  return (
    <nav className="closed-panes" aria-label="Closed panes">
      {NAMES.filter(([id]) => closed.has(id)).map(([id, name]) => (
        <button key={id} type="button" className="button small" onClick={() => togglePane(id)}>
          Open {name}
        </button>
      ))}
    </nav>
  );
}
