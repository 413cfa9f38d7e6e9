import { type ReactNode, useMemo } from 'react';
import { BANK } from '../../machine/layout.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { structCell } from '../../recording/cells.ts';
import { changesOf } from '../../recording/changes.ts';
import type { Recording } from '../../recording/recording.ts';
import { type Frame, type Local, type StructView, stackAt, structsAt } from '../../recording/stack.ts';
import { lastWriter } from '../../recording/writers.ts';
import { goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';

/** Changes of one step that are listed; a split of a huge page writes thousands of cells. */
const MOST_CHANGES = 24;

/** Call stack, locals of a frame, the structs the code works on, and what the step changed. */
export function FrameView(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
  const looked = useApp((s) => s.frame);
  const rec = loaded?.recording;
  const stack = useMemo(() => (rec === undefined || step < 0 ? [] : stackAt(rec, step)), [rec, step]);
  if (rec === undefined || step < 0) return <p className="empty">Before the first step nothing runs.</p>;
  const frameStep = looked ?? step;
  const frame = stack.findLast((f) => standsAt(rec, f, step) === frameStep) ?? stack.at(-1);
  return (
    <Scroll className="frame-view" label="Call stack and locals">
      <Stack rec={rec} stack={stack} step={step} current={frame} />
      <div className="frame-values">
        <Changes rec={rec} step={step} />
        {frame === undefined ? null : <Locals frame={frame} before={before(rec, step, frame)} />}
        <Structs rec={rec} step={step} />
      </div>
    </Scroll>
  );
}

/** The step at which a frame stands: its last own step up to the cursor. */
function standsAt(rec: Recording, frame: Frame, step: number): number {
  const { actor, depth } = rec.machine.log;
  const who = actor[step];
  for (let i = step; i >= 0; i--) if (actor[i] === who && depth[i] === frame.depth) return i;
  return step;
}

function before(rec: Recording, step: number, frame: Frame): readonly Local[] {
  if (step === 0) return [];
  const actor = rec.machine.log.actor[step] as number;
  return stackAt(rec, step - 1, actor).find((f) => f.span === frame.span)?.locals ?? [];
}

function Stack({
  rec,
  stack,
  step,
  current,
}: {
  rec: Recording;
  stack: readonly Frame[];
  step: number;
  current: Frame | undefined;
}): ReactNode {
  return (
    <section className="stack" aria-label="Call stack">
      <h3>{rec.actors[rec.machine.log.actor[step] as number] ?? 'actor'}</h3>
      <ol>
        {stack.toReversed().map((f, i) => (
          <li key={f.span}>
            <button
              type="button"
              className="stack-frame"
              aria-current={f === current ? 'true' : undefined}
              title={`${f.file}: show where this call stands`}
              onClick={() => store.setState({ frame: i === 0 ? null : standsAt(rec, f, step) })}
            >
              <span className="clip">{f.fn}()</span>
              <span className="stack-file">{f.file}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Value({
  name,
  text,
  changed,
  writer,
  title,
}: {
  name: string;
  text: string;
  changed: boolean;
  writer: number;
  title?: string;
}): ReactNode {
  return (
    <tr className={changed ? 'changed' : undefined}>
      <th scope="row" title={title}>
        {name}
        {changed ? <span className="visually-hidden"> (changed)</span> : null}
      </th>
      <td>{text}</td>
      <td className="who">
        {writer < 0 ? null : (
          <button
            type="button"
            className="link"
            aria-label={`Who wrote ${name}? Step ${writer + 1}`}
            title={`Go to step ${writer + 1}, which wrote it`}
            onClick={() => goTo(writer)}
          >
            {writer + 1}
          </button>
        )}
      </td>
    </tr>
  );
}

function Locals({ frame, before }: { frame: Frame; before: readonly Local[] }): ReactNode {
  const was = new Map(before.map((l) => [l.name, l.value]));
  return (
    <table className="values">
      <caption>
        Locals of {frame.fn}() <span className="hint">who wrote it: step</span>
      </caption>
      <tbody>
        {frame.locals.length === 0 ? (
          <tr>
            <td className="empty">none seen yet</td>
          </tr>
        ) : null}
        {frame.locals.map((l) => (
          <Value key={l.name} name={l.name} text={l.text} changed={was.get(l.name) !== l.value} writer={l.step} />
        ))}
      </tbody>
    </table>
  );
}

function Structs({ rec, step }: { rec: Recording; step: number }): ReactNode {
  const now = useMemo(() => structsAt(rec, step), [rec, step]);
  return now.map((s) => <Struct key={s.id} rec={rec} step={step} view={s} />);
}

function Struct({ rec, step, view }: { rec: Recording; step: number; view: StructView }): ReactNode {
  const offsets = new Map(
    (structCell(rec, view.id)?.layout.fields ?? []).flatMap((f, i) => (f === undefined ? [] : [[f.name, i] as const])),
  );
  return (
    <table className="values">
      <caption>struct {view.name}</caption>
      <tbody>
        {view.fields
          .filter((f) => f.name !== 'size')
          .map((f) => {
            const writer = lastWriter(rec, BANK.OBJ, view.id + (offsets.get(f.name) ?? 0), step);
            return <Value key={f.name} name={f.name} text={f.text} changed={writer === step} writer={writer} />;
          })}
      </tbody>
    </table>
  );
}

function Changes({ rec, step }: { rec: Recording; step: number }): ReactNode {
  const changes = useMemo(() => changesOf(rec, step, MOST_CHANGES), [rec, step]);
  const fn = functionOfSite(rec.machine.log.site[step] as number).name;
  return (
    <table className="values changes">
      <caption>What this step of {fn}() changed</caption>
      <tbody>
        {changes.length === 0 ? (
          <tr>
            <td className="empty">nothing</td>
          </tr>
        ) : null}
        {changes.map((c) => (
          <tr key={`${c.bank}:${c.index}`}>
            <th scope="row">
              {c.subject}
              {c.field === '' ? '' : ` ${c.field}`}
            </th>
            <td>
              <s>{c.oldText}</s> → <b>{c.neuText}</b>
            </td>
            <Before rec={rec} step={step} bank={c.bank} index={c.index} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who wrote the value that this step replaced. */
function Before({ rec, step, bank, index }: { rec: Recording; step: number; bank: number; index: number }): ReactNode {
  const writer = lastWriter(rec, bank, index, step - 1);
  return (
    <td className="who">
      {writer < 0 ? null : (
        <button
          type="button"
          className="link"
          aria-label={`Who wrote the value before? Step ${writer + 1}`}
          title={`The value before was written in step ${writer + 1}`}
          onClick={() => goTo(writer)}
        >
          {writer + 1}
        </button>
      )}
    </td>
  );
}
