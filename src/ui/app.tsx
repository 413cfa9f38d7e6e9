import { type ReactNode, Suspense, lazy } from 'react';
import { useMedia } from './base/use-media.ts';
import { Dialogs } from './frame/dialogs.tsx';
import { JobBox } from './frame/job.tsx';
import { Invite } from './frame/invite.tsx';
import { LiveRegion } from './frame/narration.tsx';
import { ClosedPanes } from './frame/pane.tsx';
import { ProblemBox } from './frame/problem.tsx';
import { TopBar } from './frame/top-bar.tsx';
import { Stacked, Workspace } from './frame/workspace.tsx';
import { useApp } from './base/use-app.ts';

const CompareView = lazy(async () => ({ default: (await import('./compare/compare-view.tsx')).CompareView }));
const Guide = lazy(async () => ({ default: (await import('./tour/guide.tsx')).Guide }));

const Embedded = lazy(async () => ({ default: (await import('./embed/embedded.tsx')).Embedded }));
const Presentation = lazy(async () => ({ default: (await import('./present/present.tsx')).Presentation }));

/** The whole page. */
export function App(): ReactNode {
  const narrow = useMedia('(max-width: 760px)');
  const importing = useApp((s) => s.dialog === 'import');
  const comparing = useApp((s) => s.view === 'compare');
  const guided = useApp((s) => s.guide !== null);
  const presenting = useApp((s) => s.present !== null);
  const embedded = useApp((s) => s.embed !== null);
  if (presenting || embedded)
    return (
      <div className="app">
        <ProblemBox />
        <JobBox />
        <Suspense fallback={<p className="empty">Preparing …</p>}>
          {presenting ? <Presentation /> : <Embedded />}
        </Suspense>
        <LiveRegion />
        <Dialogs />
      </div>
    );
  return (
    <div className={narrow ? 'app stacked' : 'app'}>
      <TopBar />
      {importing ? null : <ProblemBox />}
      <JobBox />
      <Invite />
      <ClosedPanes />
      <div className="body">
        <Suspense fallback={null}>{guided ? <Guide /> : null}</Suspense>
        <main className="main">
          {comparing ? (
            <Suspense fallback={<p className="empty">Opening the lanes …</p>}>
              <CompareView />
            </Suspense>
          ) : narrow ? (
            <Stacked />
          ) : (
            <Workspace />
          )}
        </main>
      </div>
      <LiveRegion />
      <Dialogs />
    </div>
  );
}
