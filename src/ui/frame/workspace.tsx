import { Fragment, type ReactNode, Suspense, lazy } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { storage } from '../../session/settings.ts';
import type { PaneId } from '../../tour/panes.ts';
import { useApp } from '../base/use-app.ts';
import { Counters } from '../timeline/counters.tsx';
import { Scrubber } from '../timeline/scrubber.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { Narration } from './narration.tsx';
import { Pane } from './pane.tsx';
import { TextPane } from './text-pane.tsx';
import { Transport } from './transport.tsx';
import { StagePane } from './stage-pane.tsx';
import { PfnPane } from './pfn-pane.tsx';

// The model's source is text of its own; the first load does not wait for it.
const CodePane = lazy(async () => ({ default: (await import('../code/code-tabs.tsx')).CodeTabs }));

const Code = (): ReactNode => (
  <Pane id="code">
    <Suspense fallback={<p className="empty">Loading the source …</p>}>
      <CodePane />
    </Suspense>
  </Pane>
);
const Text = (): ReactNode => (
  <Pane id="text">
    <TextPane />
  </Pane>
);
const StageBox = (): ReactNode => (
  <Pane id="stage">
    <StagePane />
  </Pane>
);
const Pfns = (): ReactNode => (
  <Pane id="pfns">
    <PfnPane />
  </Pane>
);

interface Part {
  readonly id: PaneId | 'left' | 'right' | 'top';
  readonly size: number;
  readonly min: number;
  readonly content: ReactNode;
}

/** Panels side by side or one above the other; their sizes are remembered. */
function Split({
  id,
  orientation,
  parts,
}: {
  id: string;
  orientation: 'horizontal' | 'vertical';
  parts: readonly Part[];
}): ReactNode {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id,
    panelIds: parts.map((p) => p.id),
    storage,
    onlySaveAfterUserInteractions: true,
  });
  return (
    <Group
      id={id}
      orientation={orientation}
      className="split"
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      {parts.map((p, i) => (
        <Fragment key={p.id}>
          {i > 0 ? (
            <Separator
              className={`separator ${orientation}`}
              id={`${id}-${p.id}-separator`}
              aria-label={`Resize ${p.id}`}
              data-own-keys=""
            />
          ) : null}
          <Panel id={p.id} defaultSize={`${p.size}%`} minSize={`${p.min}%`}>
            {p.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}

/** All panes at once, for a screen of a desk or of a hall. */
export function Workspace(): ReactNode {
  const closed = useApp((s) => s.closed);
  const open = (parts: readonly Part[]): readonly Part[] => parts.filter((p) => !closed.has(p.id as PaneId));
  const left = open([
    { id: 'stage', size: 68, min: 20, content: <StageBox /> },
    { id: 'pfns', size: 32, min: 12, content: <Pfns /> },
  ]);
  const right = open([
    { id: 'code', size: 52, min: 15, content: <Code /> },
    { id: 'text', size: 48, min: 15, content: <Text /> },
  ]);
  const columns: readonly Part[] = [
    ...(left.length > 0
      ? [
          {
            id: 'left' as const,
            size: 60,
            min: 25,
            content: <Split id={`left-${left.length}`} orientation="vertical" parts={left} />,
          },
        ]
      : []),
    ...(right.length > 0
      ? [
          {
            id: 'right' as const,
            size: 40,
            min: 22,
            content: <Split id={`right-${right.length}`} orientation="vertical" parts={right} />,
          },
        ]
      : []),
  ];
  const top: Part = {
    id: 'top',
    size: 75,
    min: 35,
    content: <Split id={`columns-${columns.length}`} orientation="horizontal" parts={columns} />,
  };
  const rows: readonly Part[] = closed.has('timeline')
    ? [top]
    : [top, { id: 'timeline', size: 25, min: 10, content: <Bottom /> }];
  return (
    <>
      <Split id={`rows-${rows.length}`} orientation="vertical" parts={rows} />
      <Foot />
    </>
  );
}

function Bottom(): ReactNode {
  return (
    <Pane id="timeline">
      <div className="bottom">
        <Timeline />
        <Counters />
      </div>
    </Pane>
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
