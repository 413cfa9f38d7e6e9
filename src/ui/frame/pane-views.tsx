import { type ReactNode, Suspense, lazy } from 'react';
import type { PaneId } from '../../tour/panes.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { PfnPane } from './pfn-pane.tsx';
import { StagePane } from './stage-pane.tsx';
import { TextPane } from './text-pane.tsx';

const CodePane = lazy(async () => ({ default: (await import('../code/code-pane.tsx')).CodePane }));

/** What each pane shows where it stands without its frame: in present mode and in an embedded page. */
export const PANE_VIEWS: Readonly<Record<PaneId, () => ReactNode>> = {
  stage: StagePane,
  pfns: PfnPane,
  code: () => (
    <Suspense fallback={<p className="empty">Loading the source …</p>}>
      <CodePane />
    </Suspense>
  ),
  text: TextPane,
  timeline: Timeline,
};
