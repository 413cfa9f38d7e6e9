import type { ReactNode } from 'react';
import type { Command } from '../../session/command.ts';
import { command, runCommand } from '../../session/commands.ts';
import { shownKey } from '../../session/keys.ts';
import { useApp } from './use-app.ts';

/** `Title (key)`, as tooltips say it. */
export function commandHint(c: Command): string {
  const key = c.keys[0];
  return key === undefined ? c.title : `${c.title} (${shownKey(key)})`;
}

/** A button that runs a command: name, tooltip and key come from the table of commands. */
export function Do({
  id,
  children,
  className = 'button',
  pressed,
}: {
  id: string;
  children: ReactNode;
  className?: string;
  pressed?: boolean;
}): ReactNode {
  const c = command(id);
  const enabled = useApp((s) => c.when === undefined || c.when(s));
  return (
    <button
      type="button"
      className={className}
      disabled={!enabled}
      title={commandHint(c)}
      aria-label={typeof children === 'string' ? undefined : c.title}
      aria-pressed={pressed}
      onClick={() => runCommand(c)}
    >
      {children}
    </button>
  );
}
