import type { ReactNode } from 'react';
import { RULES } from '../../kernel/rules.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { stepLine } from '../../recording/narrate.ts';
import { goTo } from '../../session/player.ts';
import { useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';

const ENDS = {
  returned: 'The call returned.',
  blocked: 'The run ended because an actor waits for ever.',
  livelock: 'The run ended in a loop that never makes progress.',
  bug: 'The run ended because the kernel stopped (BUG).',
  limit: 'The recording was cut off at its limit of steps.',
} as const;

/** Broken rules, each with its step. */
export function Findings(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
  if (loaded === null) return <p className="empty">The findings appear with the recording.</p>;
  const { recording: rec, landmarks } = loaded;
  const { a, site } = rec.machine.log;
  return (
    <Scroll className="scroll" label="Findings">
      <p className="hint">{ENDS[rec.end]}</p>
      {landmarks.finding.length === 0 ? (
        <p className="empty">The running code broke none of the rules that the model checks.</p>
      ) : null}
      <ol className="findings">
        {Array.from(landmarks.finding.slice(0, 500), (i) => {
          const rule = RULES.find((r) => r.id === a[i]);
          return (
            <li key={i} className={i === step ? 'finding here' : 'finding'}>
              <button
                type="button"
                className="link"
                aria-current={i === step ? 'step' : undefined}
                onClick={() => goTo(i)}
              >
                step {i + 1}
              </button>
              <div>
                <b>{rule?.name ?? `rule ${a[i]}`}</b> in {functionOfSite(site[i] as number).name}()
                <p>{rule?.says}</p>
                <p className="hint">{stepLine(rec, i)}</p>
              </div>
            </li>
          );
        })}
      </ol>
      {landmarks.finding.length > 500 ? <p className="hint">and {landmarks.finding.length - 500} more</p> : null}
    </Scroll>
  );
}
