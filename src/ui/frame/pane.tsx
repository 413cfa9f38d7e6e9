import type { ReactNode } from 'react';
import { PANE_NAMES, togglePane } from '../../session/panes.ts';
import { PANE_IDS, type PaneId } from '../../tour/panes.ts';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';
import { Room } from '../base/room.tsx';
import { Guard } from './guard.tsx';

/** A pane with its name and a way to close it; what goes wrong inside stays inside. */
export function Pane({ id, children }: { id: PaneId; children: ReactNode }): ReactNode {
  const title = PANE_NAMES[id];
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
      <Room className="pane-body">
        <Guard name={title}>{children}</Guard>
      </Room>
    </section>
  );
}

/** Buttons that open again what was closed. */
export function ClosedPanes(): ReactNode {
  const closed = useApp((s) => s.closed);
  if (closed.size === 0) return null;
  return (
    <nav className="closed-panes" aria-label="Closed panes">
      {PANE_IDS.filter((id) => closed.has(id)).map((id) => (
        <button key={id} type="button" className="button small" onClick={() => togglePane(id)}>
          Open {PANE_NAMES[id]}
        </button>
      ))}
    </nav>
  );
}
