import { type ReactNode, useMemo } from 'react';
import { type Alignment, doesElsewhere, standingAt, stepAt } from '../../recording/compare/align.ts';
import { PHASES } from '../../recording/compare/phase.ts';
import { countersAt } from '../../recording/counters.ts';
import { stepLine, stepSentence } from '../../recording/narrate.ts';
import { makeLanes, leadWith } from '../../session/compare/lanes.ts';
import { type Lane, compareStore } from '../../session/compare/state.ts';
import { store } from '../../session/store.ts';
import { Icon } from '../base/icon.tsx';
import { useApp } from '../base/use-app.ts';
import { LaneMemory } from './lane-memory.tsx';
import { LaneTrack } from './lane-track.tsx';
import { laneLetter, useCompare, useLanes } from './use-lanes.ts';

/** One lane: what it is and came to, its memory small, its calls on the shared axis, and what it does at the cursor. */
export function LaneRow({ lane, index, width }: { lane: Lane; index: number; width: number }): ReactNode {
  const lanes = useLanes();
  const lead = useCompare((s) => s.lead) === index;
  const column = useCompare((s) => s.column);
  const al = lanes?.alignment;
  const findings = useMemo(() => countersAt(lane.recording, lane.recording.length - 1).findings, [lane]);
  if (lanes === null || al === undefined) return null;
  const step = stepAt(al, index, column);
  const letter = laneLetter(index);
  const remove = (): void => {
    const rest = lanes.lanes.filter((_, i) => i !== index).map((l) => l.spec);
    const { lead: now } = compareStore.getState();
    const kept = now === index ? 0 : now - (now > index ? 1 : 0);
    void makeLanes(rest, { lead: kept, ...(now === index ? {} : { step: store.getState().step }) });
  };
  return (
    <section className={lead ? 'lane lead' : 'lane'} aria-label={`Lane ${letter}: ${lane.name}`}>
      <div className="lane-head">
        <button
          type="button"
          className="lane-name"
          aria-pressed={lead}
          title={lead ? 'The main lane: commands move it' : 'Make it the main lane'}
          onClick={() => leadWith(index)}
        >
          <b className="lane-letter">{letter}</b>
          <span className="lane-title">{lane.name}</span>
        </button>
        {lanes.lanes.length > 2 ? (
          <button type="button" className="button quiet tiny" aria-label={`Remove lane ${letter}`} onClick={remove}>
            <Icon name="close" />
          </button>
        ) : null}
        <span className="hint">
          step {step + 1} of {lane.recording.length}, {lane.recording.end}
          {findings === 0 ? '' : `, ${findings} ${findings === 1 ? 'finding' : 'findings'}`}
        </span>
      </div>
      <div className="lane-body">
        <LaneMemory lane={lane} step={step} />
        <LaneTrack lane={lane} index={index} width={width} />
        <Does lane={lane} index={index} step={step} />
      </div>
    </section>
  );
}

/** What the lane does in the column, and how that stands to the others: in words, with a sign of its own. */
function Does({ lane, index, step }: { lane: Lane; index: number; step: number }): ReactNode {
  const lanes = useLanes();
  const column = useCompare((s) => s.column);
  const voice = useApp((s) => s.voice);
  if (lanes === null) return null;
  const al = lanes.alignment;
  if (column < 0) return <p className="lane-does">Before the first step.</p>;
  const here = ((al.steps[index] as Int32Array)[column] as number) >= 0;
  const [mark, word] = standing(al, index, column);
  const text = voice === 'reviewer' ? stepLine(lane.recording, step) : stepSentence(lane.recording, step, voice);
  return (
    <p className={`lane-does ${mark === '' ? '' : here ? 'differs' : 'lacks'}`}>
      <span className="hint">{PHASES[al.phase[column] as number]}</span>
      {mark === '' ? null : (
        <b className="lane-standing">
          <span aria-hidden="true">{mark}</span> {word}
        </b>
      )}
      <span className="lane-text">{here ? text : `stands behind: ${text}`}</span>
    </p>
  );
}

/** How the lane stands to the others: a sign, and the same in words. */
function standing(al: Alignment, lane: number, column: number): readonly [mark: string, word: string] {
  const s = standingAt(al, column);
  if (s.kind === 'same') return ['', ''];
  if (s.kind === 'values') return ['≠', 'another value'];
  if (!s.does.includes(lane)) return doesElsewhere(al, lane, column) ? ['◌', 'at another place'] : ['◇', 'does not'];
  if (s.order) return ['◐', 'here, elsewhere in others'];
  if (s.does.length === 1) return ['◆', 'only here'];
  const others = al.steps.flatMap((_, i) => (s.does.includes(i) ? [] : [laneLetter(i)]));
  return ['◆', `not in ${others.join(', ')}`];
}
