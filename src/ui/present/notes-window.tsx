import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import { stepSentence } from '../../recording/narrate.ts';
import { store } from '../../session/store.ts';
import { standingStore } from '../../session/tour/standing.ts';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { Markdown } from '../tour/markdown.tsx';
import { useTour } from '../tour/use-tour.ts';

/** A second window for the lecturer's own screen: the notes of the stop, what comes next, and the time. */
export function NotesWindow({ onClosed }: { onClosed: () => void }): ReactNode {
  const [body, setBody] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const other = window.open('', 'walkscope-notes', 'popup,width=640,height=720');
    if (other === null) {
      store.setState({ notice: 'The browser did not open a second window: allow pop-ups for this page.' });
      onClosed();
      return;
    }
    const doc = other.document;
    doc.title = 'Walkscope: notes';
    doc.documentElement.lang = 'en';
    doc.documentElement.dataset['theme'] = document.documentElement.dataset['theme'];
    for (const sheet of document.querySelectorAll('style, link[rel="stylesheet"]'))
      doc.head.append(sheet.cloneNode(true));
    doc.body.replaceChildren();
    doc.body.className = 'notes-window';
    // Keys pressed there move the walk here.
    const forward = (e: KeyboardEvent): void => {
      const copy = new KeyboardEvent('keydown', { key: e.key, shiftKey: e.shiftKey, bubbles: true, cancelable: true });
      if (!document.dispatchEvent(copy)) e.preventDefault();
    };
    doc.addEventListener('keydown', forward);
    other.addEventListener('pagehide', onClosed);
    // oxlint-disable-next-line react/set-state-in-effect -- the window exists only now
    setBody(doc.body);
    return () => {
      other.removeEventListener('pagehide', onClosed);
      other.close();
    };
    // The window belongs to this component from its first to its last moment.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  return body === null ? null : createPortal(<Notes />, body);
}

function Notes(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const title = useApp((s) => s.spec?.scenario.title ?? '');
  const tour = useTour((s) => s.tour);
  const stop = useTour((s) => s.stop);
  const standing = useStore(standingStore, (s) => s.standing);
  const at = tour?.stops[stop];
  const next = tour?.stops[stop + 1];
  const says = (n: number): string =>
    loaded === null || n < 0 || n >= loaded.recording.length ? '–' : stepSentence(loaded.recording, n, 'reviewer');
  return (
    <main className="notes">
      <p className="notes-time">
        <Clock />
      </p>
      <h1>{at?.title ?? title}</h1>
      {at === undefined ? null : (
        <>
          <p>
            Stop {stop + 1} of {tour?.stops.length}
          </p>
          <Markdown text={at.note} />
          {at.reviewer === undefined ? null : <Markdown text={at.reviewer} />}
        </>
      )}
      {standing === null ? null : (
        <>
          <h2>Question</h2>
          <Markdown text={standing.question.text} />
          <p>
            <b>Answer:</b> <Markdown text={standing.question.choices[standing.question.right] ?? ''} plain />
          </p>
          <Markdown text={standing.question.because} />
        </>
      )}
      <h2>
        Now: step {step + 1} of {loaded?.recording.length ?? 0}
      </h2>
      <p>{says(step)}</p>
      <h2>Next</h2>
      <p>{says(step + 1)}</p>
      {next === undefined ? null : (
        <p>
          <b>Next stop:</b> {next.title}
        </p>
      )}
    </main>
  );
}

/** Minutes and seconds since the window was opened. */
function Clock(): ReactNode {
  const [began] = useState(() => Date.now());
  const [now, setNow] = useState(began);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const s = Math.floor((now - began) / 1000);
  return <time>{`${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`}</time>;
}
