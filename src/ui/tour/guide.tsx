import type { ReactNode } from 'react';
import { useApp } from '../base/use-app.ts';
import { Guard } from '../frame/guard.tsx';
import { PredictPane } from './predict-pane.tsx';
import { TourPane } from './tour-pane.tsx';
import './tour.css';

/** What leads through the recording, beside the panes. */
export function Guide(): ReactNode {
  const guide = useApp((s) => s.guide);
  return (
    <aside className="guide" aria-label={guide === 'tour' ? 'Tour' : 'Questions'}>
      <Guard name="Guide">{guide === 'tour' ? <TourPane /> : <PredictPane />}</Guard>
    </aside>
  );
}
