import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { openDialog } from '../../session/dialog.ts';
import { nextQuestion, openQuestions } from '../../session/tour/predict.ts';
import { predictStore } from '../../session/tour/predict-state.ts';

/** On to the next question of the set; when all are answered, to the score. */
export function NextQuestion(): ReactNode {
  const open = useStore(predictStore, () => openQuestions().length);
  return (
    <p>
      {open > 0 ? (
        <button type="button" className="button primary" data-next="" onClick={nextQuestion}>
          Next question
        </button>
      ) : (
        <button type="button" className="button primary" data-next="" onClick={() => openDialog('score')}>
          See the score
        </button>
      )}
    </p>
  );
}
