import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { openDialog } from '../../session/dialog.ts';
import { askHere, copyQuizLink, nextQuestion, startPredict } from '../../session/tour/predict.ts';
import { type PredictState, predictStore } from '../../session/tour/predict-state.ts';
import { Scroll } from '../base/scroll.tsx';
import { useApp } from '../base/use-app.ts';
import { NextQuestion } from './next-question.tsx';
import { NoMoreQuestions } from './no-more-questions.tsx';
import { QuestionCard } from './question-card.tsx';

function usePredict<T>(pick: (s: PredictState) => T): T {
  return useStore(predictStore, pick);
}

/** Questions about the recording in place: one at a time, before the step that decides. */
export function PredictPane(): ReactNode {
  const asked = usePredict((s) => s.asked);
  return (
    <>
      <header className="guide-head">
        <h2>What happens next?</h2>
        <NoMoreQuestions />
      </header>
      <Scroll className="guide-body" label="What is asked">
        <Progress />
        {asked === null ? (
          <p className="hint">Play, or step: the walk stops before the next question.</p>
        ) : (
          <QuestionCard>
            <NextQuestion />
          </QuestionCard>
        )}
      </Scroll>
      <footer className="guide-foot">
        <button type="button" className="button small" onClick={nextQuestion}>
          Skip
        </button>
        <button
          type="button"
          className="button small"
          title="About the next step that decides something (Q)"
          onClick={askHere}
        >
          Ask here
        </button>
        <button type="button" className="button small" onClick={() => openDialog('score')}>
          Score sheet
        </button>
        <Seed />
      </footer>
    </>
  );
}

function Progress(): ReactNode {
  const total = usePredict((s) => s.set.length);
  const answered = usePredict((s) => s.set.filter((q) => (s.given.get(q.step)?.choice ?? -1) >= 0).length);
  const right = usePredict((s) => s.set.filter((q) => s.given.get(q.step)?.right === true).length);
  const hidden = useApp((s) => s.veil?.says ?? '');
  return (
    <p className="guide-count">
      {answered} of {total} answered, {right} right
      {hidden === '' ? null : <span className="hint">. What comes is {hidden}; closing the questions shows it.</span>}
    </p>
  );
}

/** The same seed gives everybody the same questions. */
function Seed(): ReactNode {
  const seed = usePredict((s) => s.seed);
  const [text, setText] = useState(seed);
  return (
    <form
      className="guide-seed"
      onSubmit={(e) => {
        e.preventDefault();
        if (text.trim() !== '') startPredict(text.trim());
      }}
    >
      <label>
        Set{' '}
        <input
          className="field small"
          value={text}
          maxLength={60}
          title="The same word gives everybody the same questions; Enter takes it"
          onChange={(e) => setText(e.target.value)}
        />
      </label>
      <button type="button" className="button small" onClick={() => void copyQuizLink()}>
        Copy link
      </button>
    </form>
  );
}
