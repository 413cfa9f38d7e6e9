import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { mendsFor } from '../../scenario/edit/mend.ts';
import type { Scenario } from '../../scenario/types.ts';
import { type Preview, change, editor } from '../../session/editor.ts';

/** Objections to the draft, each with what could be done; when there are none, what its walk comes to. */
export function Verdict({ draft }: { draft: Scenario }): ReactNode {
  const problems = useStore(editor, (s) => s.problems);
  const preview = useStore(editor, (s) => s.preview);
  return (
    <section className="verdict" aria-label="Outcome" aria-live="polite">
      {problems.length === 0 ? (
        <Result preview={preview} />
      ) : (
        <>
          <h3>No machine can be in this state</h3>
          <ul className="form-list">
            {problems.slice(0, 4).map((p) => (
              <li key={p.path + p.message}>
                <span>{p.message}</span>
                {mendsFor(draft, p).map((m) => (
                  <button key={m.title} type="button" className="button mini" onClick={() => change(m.scenario)}>
                    {m.title}
                  </button>
                ))}
              </li>
            ))}
          </ul>
          {problems.length > 4 ? <p className="hint">and {problems.length - 4} more</p> : null}
        </>
      )}
    </section>
  );
}

const ENDS = {
  returned: 'every call returned',
  blocked: 'somebody waits for ever',
  livelock: 'it never ends (livelock)',
  bug: 'the kernel stops (BUG)',
  limit: 'cut off after too many steps',
} as const;

function Result({ preview }: { preview: Preview }): ReactNode {
  switch (preview.kind) {
    case 'none':
      return <p className="hint">The walk is being tried …</p>;
    case 'large':
      return <p>{preview.pages} pages are asked for: press Record to run it.</p>;
    case 'failed':
      return <p className="bad">{preview.message}</p>;
    case 'ran':
      return <Ran outcome={preview.outcome} />;
  }
}

function Ran({ outcome }: { outcome: Extract<Preview, { kind: 'ran' }>['outcome'] }): ReactNode {
  const { steps, end, returns, counters, findings } = outcome;
  return (
    <>
      <h3>
        {steps} steps, {ENDS[end]}
        {returns.length > 0 ? `; returned ${returns.join(', ')}` : ''}
      </h3>
      <dl className="outcome">
        {counters.map((c) => (
          <div key={c.id}>
            <dt>{c.title}</dt>
            <dd>{c.value}</dd>
          </div>
        ))}
      </dl>
      {findings.length === 0 ? null : (
        <ul className="form-list">
          {findings.slice(0, 3).map((f) => (
            <li key={f.step} className="bad">
              {f.rule}: {f.text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
