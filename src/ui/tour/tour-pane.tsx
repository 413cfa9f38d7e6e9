import { type ReactNode, useEffect, useRef } from 'react';
import { command, runCommand } from '../../session/commands.ts';
import { store } from '../../session/store.ts';
import { editTour, endEdit } from '../../session/tour/editor.ts';
import { backToStop, goToStop, leaveTour, moveBy } from '../../session/tour/player.ts';
import type { Tour, TourStop } from '../../tour/types.ts';
import { commandHint } from '../base/do.tsx';
import { Icon } from '../base/icon.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp } from '../base/use-app.ts';
import { EditorPane } from './editor-pane.tsx';
import { Markdown } from './markdown.tsx';
import { QuestionCard } from './question-card.tsx';
import { useTour } from './use-tour.ts';

/** The stop of the tour: where it is, what there is to see, a question, and the way on. */
export function TourPane(): ReactNode {
  const tour = useTour((s) => s.tour);
  const stop = useTour((s) => s.stop);
  const editing = useTour((s) => s.editing);
  const at = tour?.stops[stop];
  if (tour === null) return <p className="empty">No tour is open.</p>;
  return (
    <>
      <Head tour={tour} />
      {editing ? <EditorPane /> : null}
      {editing || at === undefined ? null : <Stop key={stop} stop={at} index={stop} of={tour.stops.length} />}
      <Foot last={stop >= tour.stops.length - 1} first={stop <= 0} />
    </>
  );
}

function Head({ tour }: { tour: Tour }): ReactNode {
  const voice = useApp((s) => s.voice);
  const editing = useTour((s) => s.editing);
  return (
    <header className="guide-head">
      <h2 className="clip" title={tour.title}>
        {tour.title}
      </h2>
      <button
        type="button"
        className="button quiet small"
        title={commandHint(command('voice'))}
        onClick={() => runCommand(command('voice'))}
      >
        {voice}
      </button>
      <button
        type="button"
        className="button quiet small"
        aria-pressed={editing}
        onClick={editing ? endEdit : editTour}
      >
        Edit
      </button>
      <button
        type="button"
        className="button quiet small"
        aria-label="Leave the tour"
        title={commandHint(command('tour-leave'))}
        onClick={leaveTour}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

function Stop({ stop, index, of }: { stop: TourStop; index: number; of: number }): ReactNode {
  const voice = useApp((s) => s.voice);
  const error = useTour((s) => s.error);
  const title = useRef<HTMLHeadingElement>(null);
  // What had the focus may be gone with the stop before; a button under the note keeps it.
  useEffect(() => {
    if (document.activeElement === document.body) title.current?.focus({ preventScroll: true });
  }, []);
  const reviewer = voice === 'reviewer' ? stop.reviewer : undefined;
  return (
    <Scroll className="guide-body" label="Note of the stop">
      <p className="guide-count" role="status">
        Stop {index + 1} of {of}
        <span className="visually-hidden">: {stop.title}</span>
      </p>
      <h3 className="guide-title" tabIndex={-1} ref={title}>
        {stop.title}
      </h3>
      {error === null ? null : (
        <p className="guide-error" role="alert">
          This stop cannot be shown: {error}
        </p>
      )}
      <div className="note">
        <Markdown text={stop.note} />
        {reviewer === undefined ? null : (
          <div className="note-reviewer">
            <Markdown text={reviewer} />
          </div>
        )}
      </div>
      <QuestionCard />
    </Scroll>
  );
}

function Foot({ first, last }: { first: boolean; last: boolean }): ReactNode {
  const stops = useTour((s) => s.tour?.stops);
  const stop = useTour((s) => s.stop);
  const away = useAway();
  return (
    <footer className="guide-foot">
      {away ? (
        <button type="button" className="button small" title={commandHint(command('tour-again'))} onClick={backToStop}>
          Back to the stop’s step
        </button>
      ) : null}
      <label className="select-label guide-stops">
        <span className="visually-hidden">Go to stop</span>
        <select className="field small" value={stop} onChange={(e) => void goToStop(Number(e.target.value))}>
          {(stops ?? []).map((s, i) => (
            // oxlint-disable-next-line react/no-array-index-key -- a stop has no other name than its number
            <option key={i} value={i}>
              {i + 1}. {s.title}
            </option>
          ))}
        </select>
      </label>
      <span className="guide-moves">
        <button
          type="button"
          className="button"
          disabled={first}
          title={commandHint(command('tour-back'))}
          onClick={() => moveBy(-1)}
        >
          Back
        </button>
        {last ? (
          <button type="button" className="button" onClick={() => store.setState({ dialog: 'tours' })}>
            More tours
          </button>
        ) : (
          <button
            type="button"
            className="button primary"
            title={commandHint(command('tour-next'))}
            onClick={() => moveBy(1)}
          >
            Next
          </button>
        )}
      </span>
    </footer>
  );
}

/** Whether the cursor or the run is no longer that of the stop. */
function useAway(): boolean {
  const at = useTour((s) => s.step);
  return useApp((s) => s.step !== at) && at !== null;
}
