import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Command } from '../../session/command.ts';
import { COMMANDS, runCommand } from '../../session/commands.ts';
import { shownKey } from '../../session/keys.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';

/** Every command, found by typing parts of its name. */
export function Palette(): ReactNode {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const state = store.getState();
  const found = COMMANDS.filter(
    (c) =>
      c.id !== 'palette' && c.id !== 'cancel' && words.every((w) => `${c.title} ${c.group}`.toLowerCase().includes(w)),
  );
  const current = Math.min(at, found.length - 1);

  const choose = (c: Command | undefined): void => {
    if (c === undefined || (c.when !== undefined && !c.when(state))) return;
    store.setState({ dialog: null });
    // After the dialog has gone, so that a command may open another one and focus is back in the page.
    setTimeout(() => runCommand(c));
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      const by = e.key === 'ArrowDown' ? 1 : -1;
      const next = (current + by + found.length) % Math.max(1, found.length);
      setAt(next);
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (e.key === 'Enter') {
      e.preventDefault();
      choose(found[current]);
    }
  };

  return (
    <Dialog title="All commands">
      <input
        className="field"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${current}` : undefined}
        aria-label="Find a command"
        placeholder="Type a part of its name"
        value={text}
        data-first=""
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 ? <p className="empty">No command has such a name.</p> : null}
      <ul id="palette-list" className="palette" role="listbox" aria-label="Commands">
        {found.map((c, i) => (
          <li
            key={c.id}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === current}
            aria-disabled={c.when !== undefined && !c.when(state)}
            className="palette-row"
            onClick={() => choose(c)}
          >
            <span>{c.title}</span>
            <span className="palette-group">{c.group}</span>
            <kbd>{c.keys[0] === undefined ? '' : shownKey(c.keys[0])}</kbd>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
