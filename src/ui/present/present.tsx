import { type ReactNode, useEffect, useState } from 'react';
import { functionOfSite } from '../../machine/sites.ts';
import { stepSentence } from '../../recording/narrate.ts';
import { PANE_NAMES } from '../../session/panes.ts';
import { setPresent } from '../../session/present.ts';
import { store } from '../../session/store.ts';
import { PANE_IDS } from '../../tour/panes.ts';
import { Do } from '../base/do.tsx';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { Guard } from '../frame/guard.tsx';
import { PANE_VIEWS } from '../frame/pane-views.tsx';
import { Scrubber } from '../timeline/scrubber.tsx';
import { NotesWindow } from './notes-window.tsx';
import { Vote } from './vote.tsx';
import './present.css';

/** The page for a hall: one pane, the step in large type, a question to vote on; the rest is a key away. */
export function Presentation(): ReactNode {
  const present = useApp((s) => s.present);
  const [notes, setNotes] = useState(false);
  const spotlight = present?.spotlight === true;
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['present'] = spotlight ? 'spotlight' : '';
    return () => {
      delete root.dataset['present'];
    };
  }, [spotlight]);
  if (present === null) return null;
  const Shown = PANE_VIEWS[present.pane];
  const name = PANE_NAMES[present.pane];
  return (
    <div className="presentation">
      <Head notes={notes} onNotes={() => setNotes(!notes)} />
      <main className="present-main" aria-label={name}>
        <Guard name={name}>
          <Shown />
        </Guard>
      </main>
      <Vote />
      <Said />
      <footer>
        <Scrubber />
      </footer>
      {notes ? <NotesWindow onClosed={() => setNotes(false)} /> : null}
      {present.blank ? (
        <button
          type="button"
          className="present-blank"
          aria-label="Show the screen again"
          onClick={() => setPresent({ blank: false })}
        />
      ) : null}
    </div>
  );
}

function Head({ notes, onNotes }: { notes: boolean; onNotes: () => void }): ReactNode {
  const present = useApp((s) => s.present);
  const title = useApp((s) => s.spec?.scenario.title ?? '');
  const step = useStep();
  const loaded = useLoaded();
  return (
    <header className="present-head">
      <h1 className="clip">{title}</h1>
      <span className="position">
        step <b>{step + 1}</b> of {loaded?.recording.length ?? 0}
      </span>
      <span className="grow" />
      <span className="present-things" role="group" aria-label="What is shown">
        {PANE_IDS.map((pane) => (
          <Do key={pane} id={`present-${pane}`} className="button small" pressed={present?.pane === pane}>
            <span>{PANE_NAMES[pane]}</span>
          </Do>
        ))}
      </span>
      <Do id="predict" className="button small">
        <span>Ask</span>
      </Do>
      <Do id="present-spotlight" className="button small" pressed={present?.spotlight === true}>
        <span>Spotlight</span>
      </Do>
      <button
        type="button"
        className="button small"
        aria-pressed={notes}
        title="Notes in a second window"
        onClick={onNotes}
      >
        Notes
      </button>
      <Do id="theme" className="button small">
        <span>Colours</span>
      </Do>
      <Do id="present-leave" className="button small">
        <span>Leave</span>
      </Do>
    </header>
  );
}

function Said(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const voice = useApp((s) => s.voice);
  const notice = useApp((s) => s.notice);
  const site = loaded?.recording.machine.log.site[step];
  const fn = step < 0 || site === undefined ? 'start' : `${functionOfSite(site).name}()`;
  return (
    <section className="present-said" aria-label="Step in words">
      <b>{fn}</b>
      <p>
        {loaded === null || step < 0
          ? 'The memory as it is before the first step.'
          : stepSentence(loaded.recording, step, voice)}
      </p>
      {notice === '' ? null : (
        <button type="button" className="remark" onClick={() => store.setState({ notice: '' })}>
          {notice}
        </button>
      )}
    </section>
  );
}
