import { type ReactNode, useRef, useState } from 'react';
import { openDialog } from '../../session/dialog.ts';
import { store } from '../../session/store.ts';
import { draft, newTour, openDraft } from '../../session/tour/editor.ts';
import { openNotes } from '../../session/tour/notes.ts';
import { openTourFile } from '../../session/tour/open.ts';
import { openShipped } from '../../session/tour/player.ts';
import { TOURS, type TourEntry } from '../../tour/library/index.ts';
import { Dialog } from '../base/dialog.tsx';
import { ProblemBox } from '../frame/problem.tsx';
import { Scroll } from '../base/scroll.tsx';
import './tour.css';

/** The tours that ship, and the way to others. */
export function ToursDialog(): ReactNode {
  const file = useRef<HTMLInputElement>(null);
  const [mine] = useState(draft);
  const load = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    store.setState({ problem: null });
    await openTourFile(chosen);
  };
  return (
    <Dialog title="Tours" wide>
      <p className="dialog-text">
        A tour goes from stop to stop through recordings, with a note and sometimes a question at each. Page Down and
        Page Up move between stops; you may look around at any time.
      </p>
      <ProblemBox />
      <Scroll className="tours" label="Tours">
        <ol className="tour-list">
          {TOURS.map((t, i) => (
            <TourRow key={t.id} tour={t} number={i + 1} />
          ))}
        </ol>
      </Scroll>
      <p className="dialog-foot">
        <button type="button" className="button" onClick={() => file.current?.click()}>
          Open a tour from a file …
        </button>
        <button type="button" className="button" onClick={() => void newTour()}>
          New tour, from this step
        </button>
        {mine === null ? null : (
          <button type="button" className="button" onClick={() => void openDraft()}>
            Go on writing “{mine.title}”
          </button>
        )}
        <button type="button" className="button" onClick={() => openDialog('glossary')}>
          Glossary
        </button>
        <input
          ref={file}
          type="file"
          className="visually-hidden"
          aria-label="Tour file"
          tabIndex={-1}
          accept="application/json,.json"
          onChange={(e) => {
            void load(e.target.files?.[0]);
            e.target.value = '';
          }}
        />
      </p>
    </Dialog>
  );
}

function TourRow({ tour, number }: { tour: TourEntry; number: number }): ReactNode {
  return (
    <li className="tour-row">
      <div>
        <strong>
          {number}. {tour.title}
        </strong>
        <p className="hint">
          {tour.about} About {tour.minutes} minutes.
        </p>
      </div>
      <span>
        <button
          type="button"
          className="button"
          aria-label={`Lecture notes of tour ${number}`}
          onClick={() => openNotes(tour.load)}
        >
          Notes
        </button>
        <button
          type="button"
          className={number === 1 ? 'button primary' : 'button'}
          data-first={number === 1 ? '' : undefined}
          aria-label={`Start tour ${number}: ${tour.title}`}
          onClick={() => void openShipped(tour.id)}
        >
          Start
        </button>
      </span>
    </li>
  );
}
