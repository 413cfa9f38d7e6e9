import { type ReactNode, useState } from 'react';
import { parseLane } from '../../scenario/lane.ts';
import { REVISIONS, STRATEGIES } from '../../scenario/schema.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { useApp } from '../base/use-app.ts';

const TEXTS = [...REVISIONS, 'base', 'k715'] as const;

/** One more lane: its strategy, the text of the kernel, and fix switches by their ids. */
export function AddLane({ onAdd }: { onAdd: (spec: RunSpec) => void }): ReactNode {
  const spec = useApp((s) => s.spec);
  const [strategy, setStrategy] = useState<string>(spec?.strategy ?? 'unified');
  const [text, setText] = useState<string>('fixed');
  const [fixes, setFixes] = useState('');
  const [error, setError] = useState('');
  if (spec === null) return null;
  const add = (): void => {
    const ids = fixes.split(/[\s,+]+/).filter((id) => id !== '');
    const read = parseLane([strategy, text, ...ids].join('.'), spec.scenario);
    if (read.error !== undefined) setError(`“${read.error.word}” is no fix switch; expected ids such as R-07`);
    else if (strategy === 'unified' && read.ok.kernel !== undefined)
      setError(`${text} does not have the unified walk: choose another strategy`);
    else onAdd(read.ok);
  };
  return (
    <form
      className="add-lane"
      aria-label="Another lane"
      onSubmit={(e) => {
        e.preventDefault();
        add();
      }}
    >
      <label>
        <span>strategy</span>
        <select className="field small" value={strategy} onChange={(e) => setStrategy(e.target.value)}>
          {STRATEGIES.map((s) => (
            <option key={s}>{s}</option>
          ))}
        </select>
      </label>
      <label>
        <span>text</span>
        <select className="field small" value={text} onChange={(e) => setText(e.target.value)}>
          {TEXTS.map((t) => (
            <option key={t}>{t}</option>
          ))}
        </select>
      </label>
      <label>
        <span>switches</span>
        <input
          className="field small"
          placeholder="R-07, F-04"
          aria-invalid={error !== ''}
          value={fixes}
          onChange={(e) => {
            setFixes(e.target.value);
            setError('');
          }}
        />
      </label>
      <button type="submit" className="button small primary">
        Record it
      </button>
      {error === '' ? null : (
        <span className="compare-error" role="alert">
          {error}
        </span>
      )}
    </form>
  );
}
