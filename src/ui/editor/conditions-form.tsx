import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { DEVICES, RIVALS, RIVAL_CUES, THP } from '../../scenario/edit/choices.ts';
import { type Path, withValue } from '../../scenario/edit/fields.ts';
import { LIMIT } from '../../scenario/limits.ts';
import type { Scenario, ScenarioRival } from '../../scenario/types.ts';
import { change, editor } from '../../session/editor.ts';
import { Check, Group, NumberField, Pick } from './form.tsx';

/** What is going on around the request: THP, failing allocations, other actors. */
export function ConditionsForm({ draft }: { draft: Scenario }): ReactNode {
  const c = draft.conditions ?? {};
  const from = useStore(editor, (s) => s.from);
  const to = useStore(editor, (s) => s.to);
  const set = (path: Path, value: unknown): void => change(withValue(draft, ['conditions', ...path], value));
  const failing = c.failAlloc ?? [];
  const rivals = c.rivals ?? [];
  const add = (): void => {
    const rival: ScenarioRival = { does: 'madvise_dontneed', start: from, end: to, when: 'before-first-pte-lock' };
    set(['rivals'], [...rivals, rival]);
  };
  return (
    <>
      <Group title="Kernel">
        <Pick
          label="Huge pages"
          value={c.thp ?? 'always'}
          options={THP}
          onPick={(v) => set(['thp'], v === 'always' ? undefined : v)}
        />
      </Group>
      <Group title="The next allocation fails on">
        {DEVICES.map((d) => (
          <Check
            key={d.value}
            flag={d}
            on={failing.includes(Number(d.value))}
            onSet={(on) => {
              const next = on ? [...failing, Number(d.value)] : failing.filter((x) => x !== Number(d.value));
              set(['failAlloc'], next.length === 0 ? undefined : next);
            }}
          />
        ))}
      </Group>
      {rivals.map((r, i) => (
        <Group key={`${r.does}${i}`} title={`Actor ${i + 1}`}>
          <Pick label="Does" value={r.does} options={RIVALS} onPick={(v) => set(['rivals', i, 'does'], v)} />
          <NumberField label="First page" value={r.start} onSet={(n) => set(['rivals', i, 'start'], n)} />
          <NumberField label="Last page" value={r.end - 1} onSet={(n) => set(['rivals', i, 'end'], n + 1)} />
          <Pick label="When" value={r.when} options={RIVAL_CUES} onPick={(v) => set(['rivals', i, 'when'], v)} />
          <button
            type="button"
            className="button small"
            onClick={() => set(['rivals'], rivals.length === 1 ? undefined : rivals.filter((_, n) => n !== i))}
          >
            Without this actor
          </button>
        </Group>
      ))}
      <button type="button" className="button small" disabled={rivals.length >= LIMIT.RIVALS} onClick={add}>
        One more actor, on {to - from === 1 ? `page ${from}` : `pages ${from} to ${to - 1}`}
      </button>
    </>
  );
}
