import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { notesStore } from '../../session/tour/notes.ts';
import type { Tour, TourStop } from '../../tour/types.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { Markdown } from './markdown.tsx';
import './tour.css';
import './print.css';

/** One page for the lecturer: goal, minutes, the stops with their questions, and answers to discuss. */
export function NotesDialog(): ReactNode {
  const load = useStore(notesStore, (s) => s.load);
  const [tour, setTour] = useState<Tour | null>(null);
  useEffect(() => {
    let wanted = true;
    const fetch = async (): Promise<void> => {
      const loaded = (await load?.()) ?? null;
      if (wanted) setTour(loaded);
    };
    void fetch();
    return () => {
      wanted = false;
    };
  }, [load]);
  return (
    <Dialog title="Lecture notes" wide>
      {tour === null ? <p className="empty">No tour is open.</p> : <Notes tour={tour} />}
      <p className="dialog-foot">
        <button type="button" className="button primary" disabled={tour === null} onClick={() => window.print()}>
          Print
        </button>
      </p>
    </Dialog>
  );
}

function Notes({ tour }: { tour: Tour }): ReactNode {
  return (
    <Scroll className="printed lecture" label={`Lecture notes: ${tour.title}`}>
      <p className="print-only">Walkscope, lecture notes</p>
      <h3>{tour.title}</h3>
      <Markdown text={tour.about} plain />
      <dl className="lecture-facts">
        <dt>Goal</dt>
        <dd>
          <Markdown text={tour.goal} plain />
        </dd>
        <dt>Time</dt>
        <dd>about {tour.minutes} minutes</dd>
        {tour.needs === undefined ? null : (
          <>
            <dt>Needs</dt>
            <dd>{tour.needs.join('; ')}</dd>
          </>
        )}
      </dl>
      <h4>Stops</h4>
      <ol className="md-list">
        {tour.stops.map((s) => (
          <li key={`${s.title} ${s.at}`}>
            {s.title}
            <StopQuestion stop={s} />
          </li>
        ))}
      </ol>
      {tour.discuss === undefined ? null : (
        <>
          <h4>To discuss</h4>
          <dl className="lecture-discuss">
            {tour.discuss.map((d) => (
              <div key={d.ask}>
                <dt>
                  <Markdown text={d.ask} plain />
                </dt>
                <dd>
                  <Markdown text={d.answer} plain />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Scroll>
  );
}

function StopQuestion({ stop: { question: q } }: { stop: TourStop }): ReactNode {
  if (q === undefined) return null;
  if (!('ask' in q)) return <p className="hint">Question: what happens next? (made by the engine)</p>;
  return (
    <div className="lecture-question">
      <Markdown text={`${q.ask} — **${q.choices[q.right] ?? ''}** ${q.because}`} plain />
    </div>
  );
}
