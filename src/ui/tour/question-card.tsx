import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Markdown } from './markdown.tsx';

/** A question as the card shows it. */
export interface Asked {
  readonly text: string;
  readonly choices: readonly string[];
  readonly right: number;
  /** Markdown; shown with the answer */
  readonly because: string;
}

/**
 * A question with one right answer: choose, commit, then see. Nothing is told before the commit, and nothing has to be
 * answered to go on.
 */
export function QuestionCard({
  question,
  given,
  onCommit,
  children,
}: {
  question: Asked;
  /** the answer that was committed before, if any */
  given: number | undefined;
  onCommit: (choice: number, right: boolean) => void;
  /** what can be done once it is answered */
  children?: ReactNode;
}): ReactNode {
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const done = given !== undefined;
  const right = given === question.right;
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
          if (!done && chosen !== null) onCommit(chosen, chosen === question.right);
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
                checked={done ? given === i : chosen === i}
                onChange={() => setChosen(i)}
              />
              <span className="choice-text">
                <Markdown text={text} plain />
              </span>
              {done && i === question.right ? <span className="mark">right</span> : null}
              {done && i === given && !right ? <span className="mark wrong">your answer</span> : null}
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
            <strong className={right ? 'good' : 'bad'}>{right ? 'Right.' : 'Not so.'}</strong>{' '}
            <Markdown text={question.because} />
          </div>
        ) : null}
      </div>
      {done ? children : null}
    </section>
  );
}
