import { type ReactNode, useState } from 'react';
import {
  addStopHere,
  changeStop,
  changeTour,
  copyTourLink,
  endEdit,
  moveStopHere,
  removeStop,
  saveTour,
  shiftStop,
  undoEdit,
} from '../../session/tour/editor.ts';
import { questionOf, questionText } from '../../tour/edit.ts';
import { QUESTION_KINDS } from '../../tour/questions/kinds.ts';
import type { Tour, TourStop } from '../../tour/types.ts';
import { Scroll } from '../base/scroll.tsx';
import { useTour } from './use-tour.ts';

/** Writing a tour: the stop that is open, its texts, its question; adding, moving and taking away stops. */
export function EditorPane(): ReactNode {
  const tour = useTour((s) => s.tour);
  const index = useTour((s) => s.stop);
  const error = useTour((s) => s.error);
  const version = useTour((s) => s.version);
  const stop = tour?.stops[index];
  if (tour === null) return null;
  return (
    <>
      <Scroll className="guide-body tour-editor" label="Tour editor">
        <div className="editor-row">
          <button type="button" className="button primary small" onClick={addStopHere}>
            Add stop here
          </button>
          <button type="button" className="button small" onClick={undoEdit}>
            Undo
          </button>
          <button type="button" className="button small" onClick={endEdit}>
            Preview
          </button>
        </div>
        {error === null ? null : (
          <p className="guide-error" role="alert">
            This stop cannot be shown: {error}
          </p>
        )}
        {stop === undefined ? null : (
          <StopFields key={`${index} ${version}`} stop={stop} index={index} of={tour.stops.length} />
        )}
        <TourFields tour={tour} />
      </Scroll>
      <footer className="guide-foot">
        <button type="button" className="button small" onClick={saveTour}>
          Save as file
        </button>
        <button type="button" className="button small" onClick={() => void copyTourLink()}>
          Copy link
        </button>
      </footer>
    </>
  );
}

function StopFields({ stop, index, of }: { stop: TourStop; index: number; of: number }): ReactNode {
  return (
    <fieldset className="editor-fields">
      <legend>
        Stop {index + 1} of {of}
      </legend>
      <div className="editor-row">
        <button type="button" className="button small" disabled={index === 0} onClick={() => shiftStop(-1)}>
          Move up
        </button>
        <button type="button" className="button small" disabled={index === of - 1} onClick={() => shiftStop(1)}>
          Move down
        </button>
        <button type="button" className="button small" disabled={of < 2} onClick={removeStop}>
          Remove
        </button>
        <button
          type="button"
          className="button small"
          title="The step and the panes as they are now"
          onClick={moveStopHere}
        >
          Stand here
        </button>
      </div>
      <Line
        label="Title of the stop"
        value={stop.title}
        onDone={(title) => changeStop({ title: title || 'Untitled' })}
      />
      <Area label="Note for students (Markdown)" value={stop.note} rows={6} onDone={(note) => changeStop({ note })} />
      <Area
        label="More for reviewers (Markdown)"
        value={stop.reviewer ?? ''}
        rows={3}
        onDone={(text) => changeStop({ reviewer: text === '' ? undefined : text })}
      />
      <Line
        label="Place"
        value={stop.at}
        hint="such as: third hmm_vma_handle_pte:report of page 2"
        onDone={(at) => changeStop({ at, expect: undefined })}
      />
      <QuestionFields stop={stop} />
    </fieldset>
  );
}

function QuestionFields({ stop }: { stop: TourStop }): ReactNode {
  const q = stop.question;
  const [own, setOwn] = useState(q !== undefined && 'ask' in q);
  const [text, setText] = useState(() => questionText(q));
  const kind = own ? 'own' : q !== undefined && 'predict' in q ? q.predict : 'none';
  const read = questionOf(text);
  const edit = (change: Partial<typeof text>): void => {
    const next = { ...text, ...change };
    setText(next);
  };
  const done = (): void => {
    if ('question' in read) changeStop({ question: read.question });
  };
  return (
    <>
      <label className="label">
        Question
        <select
          className="field"
          value={kind}
          onChange={(e) => {
            const next = e.target.value;
            setOwn(next === 'own');
            if (next === 'none') changeStop({ question: undefined });
            else if (next !== 'own') changeStop({ question: { predict: next as 'any' } });
          }}
        >
          <option value="none">none</option>
          <option value="own">of my own</option>
          <option value="any">made by the engine: whatever decides next</option>
          {QUESTION_KINDS.map((k) => (
            <option key={k} value={k}>
              made by the engine: {k}
            </option>
          ))}
        </select>
      </label>
      {own ? (
        <>
          <label className="label">
            What is asked
            <input className="field" value={text.ask} onChange={(e) => edit({ ask: e.target.value })} onBlur={done} />
          </label>
          <label className="label">
            Answers, one to a line, * before the right one
            <textarea
              className="field"
              rows={4}
              value={text.answers}
              onChange={(e) => edit({ answers: e.target.value })}
              onBlur={done}
            />
          </label>
          <label className="label">
            Why (shown with the answer)
            <input
              className="field"
              value={text.because}
              onChange={(e) => edit({ because: e.target.value })}
              onBlur={done}
            />
          </label>
          {'missing' in read ? <p className="hint">Still missing: {read.missing}.</p> : null}
        </>
      ) : null}
    </>
  );
}

function TourFields({ tour }: { tour: Tour }): ReactNode {
  return (
    <details>
      <summary>About the tour</summary>
      <div className="editor-fields">
        <Line
          label="Title of the tour"
          value={tour.title}
          onDone={(title) => changeTour({ title: title || 'Untitled' })}
        />
        <Line
          label="Name of the file"
          value={tour.id}
          hint="small letters, digits, hyphens"
          onDone={(id) => changeTour({ id: slug(id) })}
        />
        <Area label="What it is about" value={tour.about} rows={2} onDone={(about) => changeTour({ about })} />
        <Area label="Goal, for the lecture notes" value={tour.goal} rows={2} onDone={(goal) => changeTour({ goal })} />
        <Line
          label="Minutes"
          value={String(tour.minutes)}
          onDone={(m) => changeTour({ minutes: Math.max(1, Math.min(600, Math.round(Number(m)) || 15)) })}
        />
      </div>
    </details>
  );
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'my-tour';

/** A field that is taken over when it is left, so that each edit is one change. */
function useDraft(value: string, onDone: (value: string) => void) {
  const [text, setText] = useState(value);
  const onBlur = (): void => {
    if (text !== value) onDone(text);
  };
  return { value: text, onBlur, set: setText };
}

function Line({
  label,
  value,
  hint,
  onDone,
}: {
  label: string;
  value: string;
  hint?: string;
  onDone: (value: string) => void;
}): ReactNode {
  const field = useDraft(value, onDone);
  return (
    <label className="label">
      {label}
      <input
        className="field"
        maxLength={400}
        value={field.value}
        placeholder={hint}
        onChange={(e) => field.set(e.target.value)}
        onBlur={field.onBlur}
        onKeyDown={(e) => {
          if (e.key === 'Enter') field.onBlur();
        }}
      />
    </label>
  );
}

function Area({
  label,
  value,
  rows,
  onDone,
}: {
  label: string;
  value: string;
  rows: number;
  onDone: (value: string) => void;
}): ReactNode {
  const field = useDraft(value, onDone);
  return (
    <label className="label">
      {label}
      <textarea
        className="field"
        rows={rows}
        maxLength={8000}
        value={field.value}
        onChange={(e) => field.set(e.target.value)}
        onBlur={field.onBlur}
      />
    </label>
  );
}
