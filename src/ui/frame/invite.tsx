import { type ReactNode, useState } from 'react';
import { command, runCommand } from '../../session/commands.ts';
import { storage } from '../../session/settings.ts';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';

const KEY = 'invited';

/** For somebody who is here for the first time: one thing to do at once. */
export function Invite(): ReactNode {
  const [done, setDone] = useState(() => storage.getItem(KEY) !== null);
  const busy = useApp((s) => s.guide !== null || s.recording === 0);
  if (done || busy) return null;
  const close = (id?: string): void => {
    storage.setItem(KEY, 'yes');
    setDone(true);
    if (id !== undefined) runCommand(command(id));
  };
  return (
    <section className="invite" aria-label="Welcome">
      <p>
        <strong>New here?</strong> This is a walk through page tables, in the middle of its work. Guess what it does
        next.
      </p>
      <button type="button" className="button primary small" onClick={() => close('predict')}>
        Try a question
      </button>
      <button type="button" className="button small" onClick={() => close('tours')}>
        Take a tour
      </button>
      <button type="button" className="button quiet tiny" aria-label="Not now" title="Not now" onClick={() => close()}>
        <Icon name="close" />
      </button>
    </section>
  );
}
