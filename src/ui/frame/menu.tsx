import { type ReactNode, useRef } from 'react';
import type { Command } from '../../session/command.ts';
import { COMMANDS, runCommand } from '../../session/commands.ts';
import { shownKey } from '../../session/keys.ts';
import { Later } from '../base/later.tsx';
import { useApp } from '../base/use-app.ts';

/** Stand in the bar already, or mean nothing in a menu. */
const ELSEWHERE: ReadonlySet<string> = new Set(['palette', 'keys', 'cancel', 'scenarios', 'fixes', 'copy-link']);
const ALSO: ReadonlySet<string> = new Set(['tours', 'glossary', 'present', 'compare']);

/** What can be opened, by name and with its key; the rows are those of the table of commands. */
export function Menu(): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const rows = COMMANDS.filter((c) => ALSO.has(c.id) || (c.group === 'Open' && !ELSEWHERE.has(c.id)));
  return (
    <>
      <button type="button" className="button" popoverTarget="menu" title="Everything that can be opened">
        Open
      </button>
      <div id="menu" ref={list} popover="auto" className="menu" role="group" aria-label="Open">
        <Later part="rest">
          {rows.map((c) => (
            <Row key={c.id} row={c} onDone={() => list.current?.hidePopover()} />
          ))}
        </Later>
      </div>
    </>
  );
}

function Row({ row, onDone }: { row: Command; onDone: () => void }): ReactNode {
  const enabled = useApp((s) => row.when === undefined || row.when(s));
  const key = row.keys[0];
  return (
    <button
      type="button"
      className="menu-row"
      disabled={!enabled}
      onClick={() => {
        onDone();
        runCommand(row);
      }}
    >
      <span>{row.title}</span>
      {key === undefined ? null : <kbd>{shownKey(key)}</kbd>}
    </button>
  );
}
