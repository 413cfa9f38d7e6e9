import type { ReactNode } from 'react';
import { A, A_STRIDE } from '../../machine/layout.ts';
import { WAIT } from '../../machine/ops.ts';
import { formatValue } from '../../recording/format.ts';
import { lockText, locksHeld } from '../../recording/locks.ts';
import { goTo } from '../../session/player.ts';
import { useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';

/** A migration of a large range holds every folio: the table says how many more there are. */
const MOST = 200;

/** Locks held at the cursor, and who waits. */
export function Locks(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
  if (loaded === null) return <p className="empty">The locks appear with the recording.</p>;
  const rec = loaded.recording;
  const held = locksHeld(rec, step, MOST + 1);
  const waiting = rec.actors.flatMap((name, i) => {
    const wait = rec.machine.actorBank.get(i * A_STRIDE + A.WAIT);
    return wait === WAIT.NONE ? [] : [`${name} waits for: ${formatValue(rec, 'wait', wait, step)}`];
  });
  return (
    <Scroll className="scroll" label="Locks held">
      {waiting.map((w) => (
        <p key={w} className="waiting">
          {w}
        </p>
      ))}
      <table className="plain">
        <caption className="visually-hidden">Locks held at step {step + 1}</caption>
        <thead>
          <tr>
            <th scope="col">lock</th>
            <th scope="col">held by</th>
            <th scope="col">since</th>
          </tr>
        </thead>
        <tbody>
          {held.slice(0, MOST).map((l) => (
            <tr key={`${l.kind}:${l.id}:${l.since}:${l.actor}`} className={l.since === step ? 'changed' : undefined}>
              <td>{lockText(rec, l)}</td>
              <td>{formatValue(rec, 'actor', l.actor, step)}</td>
              <td>
                {l.since < 0 ? (
                  'the beginning'
                ) : (
                  <button type="button" className="link" onClick={() => goTo(l.since)}>
                    step {l.since + 1}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {held.length === 0 ? <p className="empty">No lock is held here.</p> : null}
      {held.length > MOST ? <p className="hint">and more</p> : null}
    </Scroll>
  );
}
