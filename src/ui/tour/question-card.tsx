import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type Standing, answer, standingStore } from '../../session/tour/standing.ts';
import { Markdown } from './markdown.tsx';

/** The question that stands, if one does. @param children what can be done once it is answered */
export function QuestionCard({ children }: { children?: ReactNode }): ReactNode {
  const standing = useStore(standingStore, (s) => s.standing);
  return standing === null ? null : (
    <Card key={standing.id} standing={standing}>
      {children}
    </Card>
  );
}

/**
 * A question with one right answer: choose, commit, then see. Nothing is told before the commit, and nothing has to be
 * answered to go on.
 */
function Card({ standing, children }: { standing: Standing; children: ReactNode }): ReactNode {
  const { question, given } = standing;
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const done = given !== undefined;
  const right = given?.right === true;
  const card = useRef<HTMLElement>(null);
  // The button that was pressed is gone: the keyboard goes on from here, not from the top of the page.
  useEffect(() => {
    if (document.activeElement !== document.body) return;
    const next = done ? card.current?.querySelector<HTMLElement>('[data-next]') : null;
    (next ?? card.current)?.focus({ preventScroll: next === null });
  }, [done]);
  return (
    <section className="question" aria-label="Question" tabIndex={-1} ref={card}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (!done && chosen !== null) answer(chosen);
        }}
      >
        <fieldset disabled={done}>
          <legend>
            <Markdown text={question.text} plain />
          </legend>
          {question.choices.map((text, i) => (
            <label key={text} className={`choice${done && i === question.right ? ' is-right' : ''}`}>
              <input
                type="radio"
                name={id}
                value={i}
                checked={done ? given.choice === i : chosen === i}
                onChange={() => setChosen(i)}
              />
              <span className="choice-text">
                <Markdown text={text} plain />
              </span>
              {done && i === question.right ? <span className="mark">right</span> : null}
              {done && i === given.choice && !right ? (
                <span className="mark wrong">{given.hands === undefined ? 'your answer' : 'most hands'}</span>
              ) : null}
            </label>
          ))}
        </fieldset>
        {done ? null : (
          <button type="submit" className="button primary" disabled={chosen === null}>
            Commit
          </button>
        )}
      </form>
      <div role="status">
        {done ? (
          <div className="because">
            {given.choice < 0 ? null : (
              <strong className={right ? 'good' : 'bad'}>{right ? 'Right. ' : 'Not so. '}</strong>
            )}
            <Markdown text={question.because} />
          </div>
        ) : null}
      </div>
      {done ? children : null}
    </section>
  );
}
