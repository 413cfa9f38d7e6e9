import type { ReactNode } from 'react';
import { COMMANDS } from '../../session/commands.ts';
import { shownKey } from '../../session/keys.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';

const GROUPS = ['Move', 'Run to', 'Play', 'Look', 'Open', 'Tour', 'Compare', 'Present'] as const;

/** The sheet of keys. */
export function Keys(): ReactNode {
  return (
    <Dialog title="Keys" wide>
      <p className="dialog-text">
        A presenter’s clicker (Page Down, Page Up) steps forward and back, in a tour from stop to stop. With Shift, a
        “run to” key runs backwards.
      </p>
      <Scroll className="keys" label="Keys by group">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {COMMANDS.filter((c) => c.group === group && c.keys.length > 0).map((c) => (
                <div key={c.id} className="keys-row">
                  <dt>
                    {c.keys.map((k) => (
                      <kbd key={k}>{shownKey(k)}</kbd>
                    ))}
                  </dt>
                  <dd>{c.title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </Scroll>
    </Dialog>
  );
}
