import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { DEVICES, SELECTS } from '../../scenario/edit/choices.ts';
import { withValue } from '../../scenario/edit/fields.ts';
import type { Scenario, ScenarioRequest } from '../../scenario/types.ts';
import { change, editor, requestSelection } from '../../session/editor.ts';
import { Check, Group, NumberField, Pick } from './form.tsx';

/** What the device asks for. */
export function RequestForm({ draft }: { draft: Scenario }): ReactNode {
  const from = useStore(editor, (s) => s.from);
  const to = useStore(editor, (s) => s.to);
  const r = draft.request;
  const set = (field: keyof ScenarioRequest, value: unknown): void =>
    change(withValue(draft, ['request', field], value));
  return (
    <>
      <p className="form-buttons">
        <button type="button" className="button small" onClick={requestSelection}>
          Ask for {to - from === 1 ? `page ${from}` : `pages ${from} to ${to - 1}`}
        </button>
      </p>
      <Group title="Range">
        <NumberField label="First page" value={r.start} onSet={(n) => set('start', n)} />
        <NumberField label="Last page" value={r.end - 1} onSet={(n) => set('end', n + 1)} />
        <Pick label="Device" value={String(r.device)} options={DEVICES} onPick={(v) => set('device', Number(v))} />
      </Group>
      <Group title="Wanted">
        <Check
          flag={{ title: 'fault', about: 'HMM_PFN_REQ_FAULT: what is not there is faulted in.' }}
          on={r.fault}
          onSet={(on) => set('fault', on)}
        />
        <Check
          flag={{ title: 'write', about: 'HMM_PFN_REQ_WRITE: it must be writable, so copy-on-write is broken.' }}
          on={r.write}
          onSet={(on) => set('write', on)}
        />
      </Group>
      <Group title="Collected for migration">
        {SELECTS.map((c) => (
          <Check
            key={c.value}
            flag={c}
            on={r.select.some((x) => x === c.value)}
            onSet={(on) => set('select', on ? [...r.select, c.value] : r.select.filter((x) => x !== c.value))}
          />
        ))}
      </Group>
    </>
  );
}
