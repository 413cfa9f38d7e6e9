import { type ReactNode, lazy } from 'react';
import { command } from '../../session/commands.ts';
import { store } from '../../session/store.ts';
import { TEXT_TABS, type TextTab } from '../../tour/panes.ts';
import { commandHint } from '../base/do.tsx';
import { type Tab, Tabs } from '../base/tabs.tsx';
import { useApp, useKnown } from '../base/use-app.ts';
import { FrameView } from '../text/frame-view.tsx';
import { ScenarioText } from '../text/scenario-text.tsx';
import { Scroll } from '../base/scroll.tsx';

const Log = lazy(async () => ({ default: (await import('../text/log.tsx')).Log }));
const Tables = lazy(async () => ({ default: (await import('../text/tables.tsx')).Tables }));
const Folios = lazy(async () => ({ default: (await import('../text/folios.tsx')).Folios }));
const Locks = lazy(async () => ({ default: (await import('../text/locks.tsx')).Locks }));
const CostPane = lazy(async () => ({ default: (await import('../cost/cost-pane.tsx')).CostPane }));
const SchedulePane = lazy(async () => ({ default: (await import('../schedule/schedule-pane.tsx')).SchedulePane }));
const SearchPane = lazy(async () => ({ default: (await import('../search/search-pane.tsx')).SearchPane }));
const Findings = lazy(async () => ({ default: (await import('../text/findings.tsx')).Findings }));

const TITLES: Readonly<Record<TextTab, string>> = {
  frame: 'Stack',
  log: 'Log',
  tables: 'Entries',
  folios: 'Folios',
  locks: 'Locks',
  findings: 'Findings',
  scenario: 'Scenario',
  cost: 'Cost',
  schedule: 'Schedule',
  search: 'Search',
};

const TABS: readonly Tab<TextTab>[] = TEXT_TABS.map((id) => ({
  id,
  title: TITLES[id],
  hint: commandHint(command(`tab-${id}`)),
  ...(id === 'findings' ? { mark: <FindingCount /> } : {}),
}));

/** Everything on the stage, as text. */
export function TextPane(): ReactNode {
  const tab = useApp((s) => s.tab);
  return (
    <Tabs name="tab" label="Text views" tabs={TABS} shown={tab} onShow={(next) => store.setState({ tab: next })}>
      <Shown tab={tab} />
    </Tabs>
  );
}

function FindingCount(): ReactNode {
  const count = useKnown()?.landmarks.finding.length ?? 0;
  return count === 0 ? null : <span className="badge">{count}</span>;
}

function Shown({ tab }: { tab: TextTab }): ReactNode {
  switch (tab) {
    case 'frame':
      return <FrameView />;
    case 'log':
      return <Log />;
    case 'tables':
      return <Tables />;
    case 'folios':
      return <Folios />;
    case 'locks':
      return <Locks />;
    case 'findings':
      return <Findings />;
    case 'scenario':
      return <About />;
    case 'search':
      return <SearchPane />;
    case 'schedule':
      return <SchedulePane />;
    case 'cost':
      return <CostPane />;
    default:
      return tab satisfies never;
  }
}

function About(): ReactNode {
  const scenario = useApp((s) => s.spec?.scenario);
  const notes = useApp((s) => s.notes);
  return (
    <Scroll className="scroll" label="About the scenario">
      {scenario === undefined ? <p className="empty">No scenario is open.</p> : <ScenarioText scenario={scenario} />}
      {notes.length === 0 ? null : (
        <div className="scenario-text">
          <h4>How it was read</h4>
          <ul>
            {notes.map((n) => (
              <li key={n}>{n}</li>
            ))}
          </ul>
        </div>
      )}
    </Scroll>
  );
}
