import { type KeyboardEvent, type ReactNode, Suspense, lazy } from 'react';
import { type TextTab, store } from '../../session/store.ts';
import { useApp, useLoaded } from '../base/use-app.ts';
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

const TABS: readonly (readonly [TextTab, string])[] = [
  ['frame', 'Stack'],
  ['log', 'Log'],
  ['tables', 'Entries'],
  ['folios', 'Folios'],
  ['locks', 'Locks'],
  ['findings', 'Findings'],
  ['scenario', 'Scenario'],
  ['cost', 'Cost'],
  ['schedule', 'Schedule'],
  ['search', 'Search'],
];

/** Everything on the stage, as text. */
export function TextPane(): ReactNode {
  const tab = useApp((s) => s.tab);
  const onKeyDown = (e: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (by === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    const next = TABS[(TABS.findIndex(([t]) => t === tab) + by + TABS.length) % TABS.length]?.[0] ?? 'frame';
    store.setState({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="tabbed">
      <div className="tabs" role="tablist" aria-label="Text views" data-own-keys="" onKeyDown={onKeyDown}>
        {TABS.map(([t, title], i) => (
          <button
            key={t}
            id={`tab-${t}`}
            type="button"
            role="tab"
            aria-selected={t === tab}
            aria-controls="tab-panel"
            tabIndex={t === tab ? 0 : -1}
            title={`${title} (${i < 9 ? i + 1 : '/'})`}
            onClick={() => store.setState({ tab: t })}
          >
            {title}
            {t === 'findings' ? <FindingCount /> : null}
          </button>
        ))}
      </div>
      <div id="tab-panel" className="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        <Suspense fallback={null}>
          <Shown tab={tab} />
        </Suspense>
      </div>
    </div>
  );
}

function FindingCount(): ReactNode {
  const count = useLoaded()?.landmarks.finding.length ?? 0;
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
