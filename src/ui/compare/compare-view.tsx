import { type ReactNode, lazy } from 'react';
import { partingFrom, partingSentence } from '../../recording/compare/sentence.ts';
import { cancelLanes } from '../../session/compare/lanes.ts';
import { type CompareTab, compareStore } from '../../session/compare/state.ts';
import { Do } from '../base/do.tsx';
import { Hidden } from '../base/hidden.tsx';
import { Scroll } from '../base/scroll.tsx';
import { type Tab, Tabs } from '../base/tabs.tsx';
import { useApp } from '../base/use-app.ts';
import { Guard } from '../frame/guard.tsx';
import { Foot } from '../frame/workspace.tsx';
import { CounterBars } from './counter-bars.tsx';
import { LaneBar } from './lane-bar.tsx';
import { LaneRows } from './lane-rows.tsx';
import { OutcomeTable } from './outcome-table.tsx';
import { StepsTable } from './steps-table.tsx';
import { laneLetter, useCompare, useLanes } from './use-lanes.ts';
import './compare.css';
import './tables.css';

const LibraryTable = lazy(async () => ({ default: (await import('./library-table.tsx')).LibraryTable }));

const TraceTable = lazy(async () => ({ default: (await import('./trace-table.tsx')).TraceTable }));

/** Lanes side by side: what each does at one cursor, where they part, and what they come to. */
export function CompareView(): ReactNode {
  const lanes = useLanes();
  const hidden = useApp((s) => s.veil !== null);
  return (
    <>
      <section className="compare" aria-label="Lanes side by side">
        <LaneBar />
        <Making />
        <Hidden what="Lanes show what comes" />
        {lanes === null || hidden ? null : (
          <Guard name="Lanes">
            <Parting />
            <LaneRows />
            <div className="compare-lower">
              <Lower />
              <CounterBars />
            </div>
          </Guard>
        )}
      </section>
      <Foot />
    </>
  );
}

function Making(): ReactNode {
  const job = useCompare((s) => s.job);
  if (job === null) return null;
  return (
    <div className="job">
      <div>
        <strong>Recording the lanes</strong>
        <span className="hint">
          {job.done} of {job.of} recorded
        </span>
        <progress aria-label="Recording the lanes" max={job.of} value={job.done} />
      </div>
      <button type="button" className="button small" onClick={cancelLanes}>
        Stop
      </button>
    </div>
  );
}

/** "The same until here, then …" from the cursor on. */
function Parting(): ReactNode {
  const lanes = useLanes();
  const column = useCompare((s) => s.column);
  const voice = useApp((s) => s.voice);
  if (lanes === null) return null;
  const named = lanes.lanes.map((l, i) => ({ name: `${laneLetter(i)}, ${l.name}`, recording: l.recording }));
  const text = partingSentence(named, partingFrom(named, lanes.alignment, column, voice));
  return (
    <div className="parting">
      <Do id="back-to-difference" className="button small">
        ‹ difference
      </Do>
      <Do id="to-difference" className="button small">
        difference ›
      </Do>
      <Scroll className="parting-text" label="Where the lanes part">
        <p aria-live="polite">{text}</p>
      </Scroll>
    </div>
  );
}

const TABS: readonly Tab<CompareTab>[] = [
  { id: 'steps', title: 'Steps side by side' },
  { id: 'outcome', title: 'What they come to' },
  { id: 'library', title: 'All scenarios' },
  { id: 'trace', title: 'Kernel trace' },
];

function Lower(): ReactNode {
  const tab = useCompare((s) => s.tab);
  return (
    <Tabs
      name="compare"
      label="About the lanes"
      className="compare-tabs"
      tabs={TABS}
      shown={tab}
      onShow={(next) => compareStore.setState({ tab: next })}
    >
      <Shown tab={tab} />
    </Tabs>
  );
}

function Shown({ tab }: { tab: CompareTab }): ReactNode {
  switch (tab) {
    case 'steps':
      return <StepsTable />;
    case 'outcome':
      return <OutcomeTable />;
    case 'library':
      return <LibraryTable />;
    case 'trace':
      return <TraceTable />;
    default:
      return tab satisfies never;
  }
}
