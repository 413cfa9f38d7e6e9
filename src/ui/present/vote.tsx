import { type ReactNode, useState } from 'react';
import { giveAnswer } from '../../session/tour/player.ts';
import { Markdown } from '../tour/markdown.tsx';
import { useTour } from '../tour/use-tour.ts';

/**
 * The question of the stop, for a hall: votes are counted by hand (a click or Shift-click on an answer), the answer is
 * told when the lecturer reveals it, and not before.
 */
export function Vote(): ReactNode {
  const stop = useTour((s) => s.stop);
  const question = useTour((s) => s.tour?.stops[s.stop]?.question);
  const given = useTour((s) => s.given.get(stop));
  if (question === undefined || !('ask' in question)) return null;
  return <Ballot key={stop} ask={question} revealed={given !== undefined} />;
}

interface Ask {
  readonly ask: string;
  readonly choices: readonly string[];
  readonly right: number;
  readonly because: string;
}

function Ballot({ ask: q, revealed }: { ask: Ask; revealed: boolean }): ReactNode {
  const [votes, setVotes] = useState<readonly number[]>(q.choices.map(() => 0));
  const most = Math.max(1, ...votes);
  const total = votes.reduce((a, b) => a + b, 0);
  const count = (i: number, by: number): void => setVotes(votes.map((n, j) => (j === i ? Math.max(0, n + by) : n)));
  return (
    <section className="vote" aria-label="Vote">
      <h2>
        <Markdown text={q.ask} plain />
      </h2>
      <ul>
        {q.choices.map((text, i) => (
          <li key={text} className={revealed && i === q.right ? 'is-right' : undefined}>
            <button
              type="button"
              className="button vote-choice"
              title="One more vote; with Shift one less"
              onClick={(e) => count(i, e.shiftKey ? -1 : 1)}
            >
              <span
                className="vote-bar"
                style={{ inlineSize: `${((votes[i] ?? 0) / most) * 100}%` }}
                aria-hidden="true"
              />
              <span className="vote-text">
                <Markdown text={text} plain />
              </span>
              <b>{votes[i]}</b>
              {revealed && i === q.right ? <span className="vote-mark">right</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {revealed ? (
        <div className="vote-because" role="status">
          <Markdown text={q.because} />
        </div>
      ) : (
        <button
          type="button"
          className="button primary"
          onClick={() => giveAnswer(votes.indexOf(most), votes[q.right] === most)}
        >
          Reveal{total > 0 ? `: ${total} ${total === 1 ? 'vote' : 'votes'}` : ''}
        </button>
      )}
    </section>
  );
}
