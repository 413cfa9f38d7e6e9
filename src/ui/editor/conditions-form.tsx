import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { ACTORS, ACTOR_KINDS } from '../../scenario/actors.ts';
import { type Choice, DEVICES, RIVAL_CUES, THP } from '../../scenario/edit/choices.ts';
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
        <RivalFields
          // oxlint-disable-next-line react/no-array-index-key -- an actor is known by its place
          key={i}
          rival={r}
          n={i + 1}
          onSet={(field, value) => set(['rivals', i, field], value)}
          onDrop={() => set(['rivals'], rivals.length === 1 ? undefined : rivals.filter((_, n) => n !== i))}
        />
      ))}
      <button type="button" className="button small" disabled={rivals.length >= LIMIT.RIVALS} onClick={add}>
        One more actor, on {to - from === 1 ? `page ${from}` : `pages ${from} to ${to - 1}`}
      </button>
    </>
  );
}

const DOES: readonly Choice[] = ACTOR_KINDS.map((value) => ({
  value,
  title: ACTORS[value].title,
  about: `${ACTORS[value].says} Waits for: ${ACTORS[value].waits}.`,
}));

function RivalFields({
  rival,
  n,
  onSet,
  onDrop,
}: {
  rival: ScenarioRival;
  n: number;
  onSet: (field: keyof ScenarioRival, value: unknown) => void;
  onDrop: () => void;
}): ReactNode {
  const info = ACTORS[rival.does];
  return (
    <Group title={`Actor ${n}`}>
      <Pick label="Does" value={rival.does} options={DOES} onPick={(v) => onSet('does', v)} />
      <NumberField label="First page" value={rival.start} onSet={(p) => onSet('start', p)} />
      <NumberField label="Last page" value={rival.end - 1} onSet={(p) => onSet('end', p + 1)} />
      <Pick label="When" value={rival.when} options={RIVAL_CUES} onPick={(v) => onSet('when', v)} />
      {'device' in info ? (
        <Pick
          label="To"
          value={String(rival.device ?? 0)}
          options={DEVICES}
          onPick={(v) => onSet('device', Number(v))}
        />
      ) : null}
      {'pauses' in info ? (
        <Check
          flag={{ title: 'pauses', about: 'In the middle, holding what it has, until the others wait or have ended.' }}
          on={rival.holds === true}
          onSet={(on) => onSet('holds', on ? true : undefined)}
        />
      ) : null}
      <button type="button" className="button small" onClick={onDrop}>
        Without this actor
      </button>
    </Group>
  );
}
