import type { ReactNode } from 'react';
import { PANE_NAMES } from '../../session/panes.ts';
import { PANE_IDS, type PaneId } from '../../tour/panes.ts';
import { useApp } from '../base/use-app.ts';
import { Guard } from '../frame/guard.tsx';
import { Narration } from '../frame/narration.tsx';
import { PANE_VIEWS } from '../frame/pane-views.tsx';
import { Transport } from '../frame/transport.tsx';
import { Scrubber } from '../timeline/scrubber.tsx';
import './embed.css';

/** What an embedded page shows when nothing is chosen. */
const USUAL = 'stage,narration,scrubber,transport';

/** The page inside of a slide or of a course page: the chosen panes and controls, and the way to the whole page. */
export function Embedded(): ReactNode {
  const chosen = new Set((useApp((s) => s.embed) || USUAL).split(','));
  const title = useApp((s) => s.spec?.scenario.title ?? 'Walkscope');
  const panes = PANE_IDS.filter((id) => chosen.has(id));
  return (
    <div className="embedded">
      <main className="embedded-panes" data-panes={panes.length}>
        <h1 className="visually-hidden">{title}</h1>
        {panes.map((id) => (
          <EmbeddedPane key={id} id={id} />
        ))}
      </main>
      <footer className="embedded-foot">
        {chosen.has('narration') ? <Narration /> : null}
        {chosen.has('scrubber') ? <Scrubber /> : null}
        <div className="embedded-controls">
          {chosen.has('transport') ? <Transport /> : null}
          <WholePage />
        </div>
      </footer>
    </div>
  );
}

function EmbeddedPane({ id }: { id: PaneId }): ReactNode {
  const name = PANE_NAMES[id];
  const Shown = PANE_VIEWS[id];
  return (
    <section className={`embedded-pane embedded-${id}`} aria-label={name}>
      <Guard name={name}>
        <Shown />
      </Guard>
    </section>
  );
}

/** Opens the same step in a window of its own, with everything. The address is read when it is followed: it moves on. */
function WholePage(): ReactNode {
  const whole = (): string => location.href.replace(/\?[^#]*/, '');
  return (
    <a
      className="embedded-whole"
      href={whole()}
      target="_blank"
      rel="noopener noreferrer"
      onPointerDown={(e) => {
        e.currentTarget.href = whole();
      }}
      onFocus={(e) => {
        e.currentTarget.href = whole();
      }}
    >
      Open in Walkscope
    </a>
  );
}
