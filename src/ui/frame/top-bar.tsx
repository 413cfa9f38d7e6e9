import type { ReactNode } from 'react';
import { ROUTES, TEXTS, fits, routeOf, textOf, withRoute, withText } from '../../session/routes.ts';
import type { Strategy } from '../../scenario/types.ts';
import { openDialog } from '../../session/dialog.ts';
import { record } from '../../session/recorder.ts';
import { Do } from '../base/do.tsx';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';
import { Menu } from './menu.tsx';

/** Name, scenario, route, revision, and the way to everything else. */
export function TopBar(): ReactNode {
  return (
    <header className="topbar">
      <h1 className="brand">Walkscope</h1>
      <ScenarioButton />
      <RouteSelect />
      <TextSelect />
      <Do id="fixes" className="button wide-only">
        <FixCount />
      </Do>
      <span className="grow" />
      <Do id="voice" className="button quiet">
        <Voice />
      </Do>
      <Do id="tours" className="button">
        Tours
      </Do>
      <Menu />
      <Do id="copy-link" className="button quiet wide-only">
        <Icon name="link" />
      </Do>
      <Do id="theme" className="button quiet">
        <Icon name="theme" />
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

const GROUPS: readonly (readonly [string, readonly Strategy[]])[] = [
  ['One walk (unified)', ['unified']],
  ['Classic', ['fault-then-migrate', 'migrate-fault-migrate', 'migrate-only', 'fault-only']],
  ['Before', ['legacy-2016']],
];

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
        {GROUPS.map(([label, strategies]) => (
          <optgroup key={label} label={label}>
            {ROUTES.filter((r) => strategies.includes(r.strategy)).map((r) => (
              <option key={r.id} value={r.id}>
                {r.title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function TextSelect(): ReactNode {
  const spec = useApp((s) => s.spec);
  const text = spec === null ? undefined : textOf(spec);
  return (
    <label className="select-label revision-select">
      <span className="visually-hidden">Text of the kernel</span>
      <select
        className="field"
        value={text?.id ?? ''}
        disabled={spec === null}
        onChange={(e) => {
          const next = TEXTS.find((t) => t.id === e.target.value);
          if (next && spec) void record(withText(spec, next));
        }}
      >
        {TEXTS.map((t) => (
          <option key={t.id} value={t.id} disabled={spec !== null && !fits(spec.strategy, t)}>
            {t.title}
          </option>
        ))}
      </select>
    </label>
  );
}
