import type { ReactNode } from 'react';
import { stopPredict } from '../../session/tour/predict.ts';
import { Icon } from '../base/icon.tsx';

/** Ends the questions about the recording in place. */
export function NoMoreQuestions(): ReactNode {
  return (
    <button
      type="button"
      className="button quiet small"
      aria-label="No more questions"
      title="No more questions"
      onClick={stopPredict}
    >
      <Icon name="close" />
    </button>
  );
}
