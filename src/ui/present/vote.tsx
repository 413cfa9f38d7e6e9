import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type Standing, answer, mostHands, standingStore } from '../../session/tour/standing.ts';
import { useApp } from '../base/use-app.ts';
import { Markdown } from '../tour/markdown.tsx';
import { NextQuestion } from '../tour/next-question.tsx';
import { NoMoreQuestions } from '../tour/no-more-questions.tsx';

/** The question that stands, for a hall: of the stop of a tour, or one about what comes next. */
export function Vote(): ReactNode {
  const standing = useStore(standingStore, (s) => s.standing);
  return standing === null ? null : <Ballot key={standing.id} standing={standing} />;
}

/** More hands than any hall has. */
const MOST_HANDS = 9999;

/**
 * Hands are counted: a click on an answer is one more (with Shift one less), or the number is typed. The answer is told
 * when the lecturer reveals it, and not before.
 */
function Ballot({ standing: { question: q, given } }: { standing: Standing }): ReactNode {
  const [hands, setHands] = useState<readonly number[]>(given?.hands ?? q.choices.map(() => 0));
  const predicting = useApp((s) => s.guide === 'predict');
  const revealed = given !== undefined;
  const most = Math.max(1, ...hands);
  const total = hands.reduce((a, b) => a + b, 0);
  const box = useRef<HTMLElement>(null);
  const put = (i: number, n: number): void =>
    setHands(hands.map((h, j) => (j === i ? Math.max(0, Math.min(MOST_HANDS, Math.trunc(n) || 0)) : h)));
  // The button that was pressed is gone: the keyboard goes on from here.
  useEffect(() => {
    if (revealed && document.activeElement === document.body)
      box.current?.querySelector<HTMLElement>('[data-next]')?.focus();
  }, [revealed]);
  return (
    <section className="vote" aria-label="Vote" ref={box}>
      <header>
        <h2>
          <Markdown text={q.text} plain />
        </h2>
        {predicting ? <NoMoreQuestions /> : null}
      </header>
      <ul>
        {q.choices.map((text, i) => (
          <li key={text} className={revealed && i === q.right ? 'is-right' : undefined}>
            <button
              type="button"
              className="button vote-choice"
              title="One more hand; with Shift one less"
              disabled={revealed}
              onClick={(e) => put(i, (hands[i] ?? 0) + (e.shiftKey ? -1 : 1))}
            >
              <span
                className="vote-bar"
                style={{ inlineSize: `${((hands[i] ?? 0) / most) * 100}%` }}
                aria-hidden="true"
              />
              <span className="vote-text">
                <Markdown text={text} plain />
              </span>
              {revealed && i === q.right ? <span className="vote-mark">right</span> : null}
            </button>
            <input
              className="field vote-hands"
              type="number"
              inputMode="numeric"
              min={0}
              max={MOST_HANDS}
              aria-label={`Hands for answer ${i + 1}`}
              disabled={revealed}
              value={hands[i]}
              onFocus={(e) => e.target.select()}
              onKeyDown={toNextField}
              onChange={(e) => put(i, Number(e.target.value))}
            />
          </li>
        ))}
      </ul>
      {revealed ? (
        <div className="vote-because" role="status">
          <Markdown text={q.because} />
          {predicting ? <NextQuestion /> : null}
        </div>
      ) : (
        <button type="button" className="button primary" data-next="" onClick={() => answer(mostHands(hands), hands)}>
          Reveal{total > 0 ? `: ${total} ${total === 1 ? 'hand' : 'hands'}` : ''}
        </button>
      )}
    </section>
  );
}

/** Enter goes from a number to the next one, and from the last to the button that reveals. */
function toNextField(e: KeyboardEvent<HTMLInputElement>): void {
  if (e.key !== 'Enter') return;
  e.preventDefault();
  const all = [...(e.currentTarget.closest('.vote')?.querySelectorAll<HTMLElement>('.vote-hands, [data-next]') ?? [])];
  all[all.indexOf(e.currentTarget) + 1]?.focus();
}
