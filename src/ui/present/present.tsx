import { type ReactNode, Suspense, lazy, useEffect, useState } from 'react';
import { functionOfSite } from '../../machine/sites.ts';
import { stepSentence } from '../../recording/narrate.ts';
import { PRESENTED, setPresent } from '../../session/present.ts';
import { type PaneId, store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { Guard } from '../frame/guard.tsx';
import { PfnPane } from '../frame/pfn-pane.tsx';
import { StagePane } from '../frame/stage-pane.tsx';
import { TextPane } from '../frame/text-pane.tsx';
import { Scrubber } from '../timeline/scrubber.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { NotesWindow } from './notes-window.tsx';
import { Vote } from './vote.tsx';
import './present.css';

const CodePane = lazy(async () => ({ default: (await import('../code/code-pane.tsx')).CodePane }));

const PANES: Readonly<Record<PaneId, () => ReactNode>> = {
  stage: StagePane,
  pfns: PfnPane,
  code: () => (
    <Suspense fallback={<p className="empty">Loading the source …</p>}>
      <CodePane />
    </Suspense>
  ),
  text: TextPane,
  timeline: Timeline,
};

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
  const Shown = PANES[present.pane];
  const name = PRESENTED.find(([id]) => id === present.pane)?.[1] ?? '';
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
        {PRESENTED.map(([pane, name]) => (
          <Do key={pane} id={`present-${pane}`} className="button small" pressed={present?.pane === pane}>
            <span>{name}</span>
          </Do>
        ))}
      </span>
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
