import type { ReactNode } from 'react';
import { REVISIONS_NOW, ROUTES, routeOf, withRoute } from '../../session/routes.ts';
import { openDialog } from '../../session/commands.ts';
import { record } from '../../session/recorder.ts';
import { store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';

/** Name, scenario, route, revision, and the way to everything else. */
export function TopBar(): ReactNode {
  return (
    <header className="topbar">
      <h1 className="brand">Walkscope</h1>
      <ScenarioButton />
      <RouteSelect />
      <RevisionSelect />
      <Do id="fixes" className="button wide-only">
        <FixCount />
      </Do>
      <span className="grow" />
      <Do id="voice" className="button quiet">
        <Voice />
      </Do>
      <Do id="import" className="button quiet wide-only">
        Import
      </Do>
      <Do id="copy-link" className="button quiet wide-only">
        <Icon name="link" />
      </Do>
      <Do id="theme" className="button quiet">
        <Icon name="theme" />
      </Do>
      <Do id="about" className="button quiet wide-only">
        About
      </Do>
      <Do id="keys" className="button quiet">
        ?
      </Do>
      <Do id="palette" className="button">
        Commands
      </Do>
    </header>
  );
}

function FixCount(): ReactNode {
  const count = useApp((s) => s.spec?.fixes?.length ?? 0);
  return <>{count === 0 ? 'as posted' : `${count} fixed`}</>;
}

function Voice(): ReactNode {
  const voice = useApp((s) => s.voice);
  return <>Text: {voice}</>;
}

function ScenarioButton(): ReactNode {
  const title = useApp((s) => s.spec?.scenario.title);
  return (
    <button
      type="button"
      className="button scenario-button"
      title="Choose a scenario (C)"
      onClick={() => openDialog('scenarios')}
    >
      <Icon name="list" />
      <span className="clip">{title ?? 'Choose a scenario'}</span>
    </button>
  );
}

function RouteSelect(): ReactNode {
  const spec = useApp((s) => s.spec);
  const route = spec === null ? undefined : routeOf(spec);
  return (
    <label className="select-label route-select">
      <span className="visually-hidden">Strategy and entry point</span>
      <select
        className="field"
        value={route?.id ?? ''}
        disabled={spec === null}
        title={route?.about}
        onChange={(e) => {
          const next = ROUTES.find((r) => r.id === e.target.value);
          if (next && spec) void record(withRoute(spec, next));
        }}
      >
        {route === undefined ? <option value="">operations of its own</option> : null}
        <optgroup label="Strategy: unified">
          {ROUTES.map((r) => (
            <option key={r.id} value={r.id}>
              {r.title}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function RevisionSelect(): ReactNode {
  const revision = useApp((s) => s.spec?.revision);
  return (
    <label className="select-label revision-select">
      <span className="visually-hidden">Revision of the series</span>
      <select
        className="field"
        value={revision ?? ''}
        disabled={revision === undefined}
        onChange={(e) => {
          const { spec } = store.getState();
          const next = REVISIONS_NOW.find((r) => r === e.target.value);
          if (next && spec) void record({ ...spec, revision: next });
        }}
      >
        {REVISIONS_NOW.map((r) => (
          <option key={r} value={r}>
            series {r}
          </option>
        ))}
      </select>
    </label>
  );
}
