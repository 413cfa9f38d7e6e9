import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Scenario } from '../../scenario/types.ts';
import { LIBRARY } from '../../scenario/library/index.ts';
import { openDialog } from '../../session/dialog.ts';
import { openScenario } from '../../session/recorder.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { ScenarioText } from '../text/scenario-text.tsx';
import { Scroll } from '../base/scroll.tsx';

const textOf = (s: Scenario): string =>
  [s.title, s.about ?? '', ...(s.tags ?? []), ...(s.look ?? []), ...(s.source ?? []), s.id].join(' ').toLowerCase();

/** Scenarios that have every word somewhere; those that have them in the title come first. */
function search(words: readonly string[]): readonly Scenario[] {
  const hits = LIBRARY.filter((s) => words.every((w) => textOf(s).includes(w)));
  const titled = (s: Scenario): boolean => words.every((w) => s.title.toLowerCase().includes(w));
  return words.length === 0 ? hits : [...hits.filter(titled), ...hits.filter((s) => !titled(s))];
}

/** The library, searchable: what each scenario is about, what to look at, where it comes from. */
export function Scenarios(): ReactNode {
  const [text, setText] = useState('');
  const now = store.getState().spec?.scenario.id;
  const [chosen, setChosen] = useState(now ?? LIBRARY[0]?.id ?? '');
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = search(words);
  const at = Math.max(
    0,
    found.findIndex((s) => s.id === chosen),
  );
  const current = found[at];

  const open = (s: Scenario | undefined): void => {
    if (s === undefined) return;
    store.setState({ dialog: null });
    void openScenario(s);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (by !== undefined && found.length > 0) {
      e.preventDefault();
      const next = (at + by + found.length) % found.length;
      setChosen(found[next]?.id ?? '');
      document.getElementById(`scenario-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (e.key === 'Enter') {
      e.preventDefault();
      open(current);
    }
  };

  return (
    <Dialog title="Scenarios" wide>
      <div className="picker">
        <div className="picker-list">
          <input
            className="field"
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls="scenario-list"
            aria-activedescendant={current === undefined ? undefined : `scenario-${at}`}
            aria-label="Find a scenario"
            placeholder="Search title, tags, sources"
            value={text}
            data-first=""
            onChange={(e) => {
              setText(e.target.value);
              // The best hit is the one that Enter opens.
              setChosen('');
            }}
            onKeyDown={onKeyDown}
          />
          {found.length === 0 ? <p className="empty">No scenario matches.</p> : null}
          <ul id="scenario-list" role="listbox" aria-label="Scenarios" className="picker-options">
            {found.map((s, i) => (
              <li
                key={s.id}
                id={`scenario-${i}`}
                role="option"
                aria-selected={i === at}
                className="picker-option"
                onClick={() => setChosen(s.id)}
                onDoubleClick={() => open(s)}
              >
                <span className="picker-title">{s.title}</span>
                <span className="picker-tags">{(s.tags ?? []).join(' · ')}</span>
              </li>
            ))}
          </ul>
        </div>
        {current === undefined ? null : (
          <Scroll className="picker-detail" label="About the scenario">
            <ScenarioText scenario={current} />
            <p className="dialog-foot">
              <button type="button" className="button primary" onClick={() => open(current)}>
                Open
              </button>
              <button type="button" className="button" onClick={() => openDialog('import')}>
                Import another …
              </button>
            </p>
          </Scroll>
        )}
      </div>
    </Dialog>
  );
}
