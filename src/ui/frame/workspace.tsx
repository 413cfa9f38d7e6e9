import { type ReactNode, Suspense, lazy, useEffect } from 'react';
import type { Part } from '../../session/arrival.ts';
import type { PaneId } from '../../tour/panes.ts';
import { Later } from '../base/later.tsx';
import { useApp } from '../base/use-app.ts';
import { Scrubber } from '../timeline/scrubber.tsx';
import { Narration } from './narration.tsx';
import { Pane } from './pane.tsx';
import type * as Panes from './panes.tsx';
import { Split, type SplitPart } from './split.tsx';
import { StagePane } from './stage-pane.tsx';
import { Transport } from './transport.tsx';

// The first walk waits for none of these; the model's source is text of its own.
const panes = (): Promise<typeof Panes> => import('./panes.tsx');
const PfnPane = lazy(async () => ({ default: (await panes()).PfnPane }));
const TextPane = lazy(async () => ({ default: (await panes()).TextPane }));
const TimelinePane = lazy(async () => ({ default: (await panes()).TimelinePane }));
const CodePane = lazy(async () => ({ default: (await import('../code/code-tabs.tsx')).CodeTabs }));

/** A pane that is filled after the stage has been painted. */
function LaterPane({
  id,
  waiting = null,
  children,
}: {
  id: PaneId & Part;
  waiting?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <Pane id={id}>
      <Later part={id}>
        <Suspense fallback={waiting}>{children}</Suspense>
      </Later>
    </Pane>
  );
}

const StageBox = (): ReactNode => (
  <Pane id="stage">
    <StagePane />
  </Pane>
);
const Code = (): ReactNode => (
  <LaterPane id="code" waiting={<p className="empty">Loading the source …</p>}>
    <CodePane />
  </LaterPane>
);
const Text = (): ReactNode => (
  <LaterPane id="text">
    <TextPane />
  </LaterPane>
);
const Pfns = (): ReactNode => (
  <LaterPane id="pfns">
    <PfnPane />
  </LaterPane>
);
const Bottom = (): ReactNode => (
  <LaterPane id="timeline">
    <TimelinePane />
  </LaterPane>
);

/** All panes at once, for a screen of a desk or of a hall. */
export function Workspace(): ReactNode {
  const closed = useApp((s) => s.closed);
  useEffect(() => void panes(), []);
  const open = (parts: readonly SplitPart[]): readonly SplitPart[] => parts.filter((p) => !closed.has(p.id as PaneId));
  const left = open([
    { id: 'stage', size: 68, min: 20, content: <StageBox /> },
    { id: 'pfns', size: 32, min: 12, content: <Pfns /> },
  ]);
  const right = open([
    { id: 'code', size: 52, min: 15, content: <Code /> },
    { id: 'text', size: 48, min: 15, content: <Text /> },
  ]);
  const columns: readonly SplitPart[] = [
    ...(left.length > 0
      ? [
          {
            id: 'left',
            size: 60,
            min: 25,
            content: <Split id="left" orientation="vertical" parts={left} />,
          },
        ]
      : []),
    ...(right.length > 0
      ? [
          {
            id: 'right',
            size: 40,
            min: 22,
            content: <Split id="right" orientation="vertical" parts={right} />,
          },
        ]
      : []),
  ];
  const top: SplitPart = {
    id: 'top',
    size: 75,
    min: 35,
    content: <Split id="columns" orientation="horizontal" parts={columns} />,
  };
  const rows: readonly SplitPart[] = closed.has('timeline')
    ? [top]
    : [top, { id: 'timeline', size: 25, min: 10, content: <Bottom /> }];
  return (
    <>
      <Split id="rows" orientation="vertical" parts={rows} />
      <Foot />
    </>
  );
}

/** Narration, scrubber and transport: below the panes and below lanes. */
export function Foot(): ReactNode {
  return (
    <footer className="foot">
      <Narration />
      <Scrubber />
      <Transport />
    </footer>
  );
}

/** The panes one under the other, for narrow screens; the transport stays at the bottom. */
export function Stacked(): ReactNode {
  const closed = useApp((s) => s.closed);
  return (
    <>
      <div className="stack-panes">
        {closed.has('stage') ? null : <StageBox />}
        {closed.has('pfns') ? null : <Pfns />}
        {closed.has('code') ? null : <Code />}
        {closed.has('text') ? null : <Text />}
        {closed.has('timeline') ? null : <Bottom />}
      </div>
      <Foot />
    </>
  );
}
