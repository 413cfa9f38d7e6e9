import type { ReactNode } from 'react';
import { type ChoicePoint, choiceCount, choicesOf, scheduleOf } from '../../recording/choices.ts';
import type { Recording } from '../../recording/recording.ts';
import { actorName, stuckOf, waitText } from '../../recording/waits.ts';
import { actorLetter } from '../../scenario/schedule.ts';
import { openDialog } from '../../session/dialog.ts';
import { makeLanes } from '../../session/compare/lanes.ts';
import type { Known } from '../../session/known.ts';
import { goTo } from '../../session/player.ts';
import { beginSchedule, choiceInView, choose, endSchedule } from '../../session/schedule.ts';
import { store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { Hidden } from '../base/hidden.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp, useKnown, useLoaded, useStepInTurn } from '../base/use-app.ts';
import './schedule.css';

/** You are the scheduler: who can go on at the cursor, who waits for whom, and every choice so far. */
export function SchedulePane(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
  const scheduled = useApp((s) => s.spec?.schedule !== undefined);
  const known = useKnown();
  const rivals = useApp((s) => s.spec?.scenario.conditions?.rivals?.length ?? 0);
  if (loaded === null || known === null) return <p className="empty">The schedule appears with the recording.</p>;
  const rec = loaded.recording;
  return (
    <Scroll className="scroll schedule" label="Schedule">
      {scheduled ? <Scheduled rec={rec} step={step} known={known} /> : <Invitation rivals={rivals} />}
      {known.hidden === '' ? <Stuck rec={rec} /> : <Hidden what="What comes" />}
    </Scroll>
  );
}

function Invitation({ rivals }: { rivals: number }): ReactNode {
  return rivals === 0 ? (
    <p>
      Only the walker runs here. Add another actor in the{' '}
      <button type="button" className="link" onClick={() => openDialog('editor')}>
        editor
      </button>{' '}
      (Conditions), or choose one of the{' '}
      <button type="button" className="link" onClick={() => openDialog('scenarios')}>
        scenarios
      </button>{' '}
      in which several actors run.
    </p>
  ) : (
    <>
      <p>
        The other {rivals === 1 ? 'actor starts' : 'actors start'} at a moment that the scenario names. Take over, and
        at every point where another CPU could step in you say who goes on.
      </p>
      <p>
        <button type="button" className="button primary" onClick={() => void beginSchedule()}>
          You are the scheduler
        </button>
      </p>
    </>
  );
}

function Scheduled({ rec, step, known }: { rec: Recording; step: number; known: Known }): ReactNode {
  const choice = choiceInView(step);
  return (
    <>
      {choice === undefined ? (
        <p>No choice is left: from here on only one actor can go on.</p>
      ) : (
        <Choice rec={rec} choice={choice} here={choice.step === step} seen={isSeen(choice, known)} />
      )}
      <p className="schedule-tools">
        <Do id="choice-back" className="button small">
          <span>Previous choice</span>
        </Do>
        <Do id="choice-next" className="button small">
          <span>Next choice</span>
        </Do>
        <Do id="choice-undo" className="button small">
          <span>Take back</span>
        </Do>
        <button type="button" className="button small" onClick={() => void endSchedule()}>
          Back to the cues
        </button>
      </p>
      <History choices={choicesOf(rec).filter((c) => isSeen(c, known))} rec={rec} step={step} />
    </>
  );
}

/** What came of a choice is the step behind it. */
const isSeen = (choice: ChoicePoint, known: Known): boolean => known.hidden === '' || choice.step + 1 < known.length;

function Choice({
  rec,
  choice,
  here,
  seen,
}: {
  rec: Recording;
  choice: ChoicePoint;
  here: boolean;
  /** what came of it may be shown */
  seen: boolean;
}): ReactNode {
  return (
    <section aria-label="Who goes on">
      <h3>
        Choice {choice.n + 1}
        {seen ? ` of ${choiceCount(rec)}` : ''}
        {here ? ': who goes on?' : ''}
        {here ? null : (
          <button type="button" className="link" onClick={() => goTo(choice.step)}>
            {' '}
            is due at step {choice.step + 1}
          </button>
        )}
      </h3>
      <div className="schedule-actors" role="group" aria-label="Actors that can go on">
        {choice.ready.map((actor) => (
          <button
            key={actor}
            type="button"
            className="button"
            aria-pressed={seen && actor === choice.chosen}
            disabled={!here}
            onClick={() => void choose(actor)}
          >
            <kbd>{actor + 1}</kbd> {actorName(rec, actor)}
            {seen && actor === choice.chosen ? ' (went on)' : ''}
          </button>
        ))}
      </div>
      {choice.blocked.length === 0 ? null : (
        <ul className="schedule-blocked" aria-label="Actors that wait">
          {choice.blocked.map((w) => (
            <li key={w.actor}>
              {waitText(rec, w)}
              {w.since < 0 ? null : (
                <button type="button" className="link" onClick={() => goTo(w.since)}>
                  since step {w.since + 1}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {here ? <Fork choice={choice} /> : null}
    </section>
  );
}

/** The other ways from here, each as a lane beside this one. */
function Fork({ choice }: { choice: ChoicePoint }): ReactNode {
  const spec = useApp((s) => s.spec);
  const rec = useLoaded()?.recording;
  if (spec === null || rec === undefined) return null;
  const fork = async (): Promise<void> => {
    const { withChoice } = await import('../../scenario/schedule.ts');
    const schedule = scheduleOf(rec);
    const others = choice.ready.filter((a) => a !== choice.chosen).slice(0, 3);
    const specs = others.map((a) => ({ ...spec, schedule: withChoice(schedule, choice.n, a) }));
    await makeLanes([{ ...spec, schedule }, ...specs]);
  };
  return (
    <p>
      <button type="button" className="button small" onClick={() => void fork()}>
        Fork: the other ways as lanes beside this one
      </button>
    </p>
  );
}

/** Choices listed at most, those around the cursor. */
const MOST = 60;

function History({
  choices: all,
  rec,
  step,
}: {
  choices: readonly ChoicePoint[];
  rec: Recording;
  step: number;
}): ReactNode {
  const after = all.findIndex((c) => c.step > step);
  const at = after < 0 ? all.length : after;
  const first = Math.max(0, Math.min(at - MOST / 2, all.length - MOST));
  return (
    <details>
      <summary>
        Schedule: <code>{scheduleOf(rec) || 'everybody in turn'}</code>, {all.length} choices
      </summary>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">choice</th>
            <th scope="col">after step</th>
            <th scope="col">could go on</th>
            <th scope="col">went on</th>
          </tr>
        </thead>
        <tbody>
          {all.slice(first, first + MOST).map((c) => (
            <tr key={c.n} className={c.n === at - 1 ? 'changed' : undefined}>
              <td>{c.n + 1}</td>
              <td>
                <button type="button" className="link" onClick={() => goTo(c.step)}>
                  {c.step + 1}
                </button>
              </td>
              <td>{c.ready.map((a) => actorName(rec, a)).join(', ')}</td>
              <td>
                {actorLetter(c.chosen)} {actorName(rec, c.chosen)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const STUCK = {
  deadlock: 'Deadlock',
  'lost-wake-up': 'Lost wake-up',
  livelock: 'Livelock',
  outside: 'Waiting for somebody outside',
  dead: 'The kernel stopped',
} as const;

/** How the run ends, when somebody still waits: the wait-for graph in words. */
function Stuck({ rec }: { rec: Recording }): ReactNode {
  const stuck = stuckOf(rec);
  if (stuck === undefined) return null;
  return (
    <section className="schedule-stuck" aria-label="How the run ends">
      <h3>{STUCK[stuck.kind]}</h3>
      <ul>
        {stuck.says.map((s) => (
          <li key={s}>{s}</li>
        ))}
      </ul>
      <button type="button" className="link" onClick={() => store.getState().recording > 0 && goTo(rec.length - 1)}>
        Go to the end
      </button>
    </section>
  );
}
