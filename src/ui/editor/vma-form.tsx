import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { VMA_FLAGS, VMA_KINDS } from '../../scenario/edit/choices.ts';
import { withValue } from '../../scenario/edit/fields.ts';
import type { Scenario, ScenarioVma } from '../../scenario/types.ts';
import { change, editor, mapSelection, select, unmapSelection } from '../../session/editor.ts';
import { Check, Group, NumberField, Pick } from './form.tsx';

const PERMS = [
  { title: 'readable', about: 'PROT_READ' },
  { title: 'writable', about: 'PROT_WRITE' },
  { title: 'executable', about: 'PROT_EXEC' },
] as const;

/** The VMA at the cursor, and drawing one over the selection. */
export function VmaForm({ draft }: { draft: Scenario }): ReactNode {
  const cursor = useStore(editor, (s) => s.cursor);
  const from = useStore(editor, (s) => s.from);
  const to = useStore(editor, (s) => s.to);
  const at = draft.vmas.findIndex((v) => v.start <= cursor && cursor < v.end);
  const vma = draft.vmas[at];
  const where = to - from === 1 ? `page ${from}` : `pages ${from} to ${to - 1}`;
  return (
    <>
      <p className="form-buttons">
        <button
          type="button"
          className="button small"
          onClick={() => mapSelection({ perms: vma?.perms ?? 'rw-p', kind: vma?.kind ?? 'anon' })}
        >
          Draw a VMA over {where}
        </button>
        <button type="button" className="button small" onClick={unmapSelection}>
          Unmap {where}
        </button>
      </p>
      {vma === undefined ? (
        <p className="form-note">
          No VMA at page {cursor}: a touch is answered with SIGSEGV, a fault by hmm with -EFAULT.
        </p>
      ) : (
        <VmaFields draft={draft} at={at} vma={vma} />
      )}
      <Group title="All VMAs">
        <ul className="form-list">
          {draft.vmas.map((v) => (
            <li key={v.start}>
              <button type="button" className="link" onClick={() => select(v.start, v.end)}>
                pages {v.start} to {v.end - 1}, {v.perms} {v.kind}
              </button>
            </li>
          ))}
        </ul>
      </Group>
    </>
  );
}

function VmaFields({ draft, at, vma }: { draft: Scenario; at: number; vma: ScenarioVma }): ReactNode {
  const set = (field: keyof ScenarioVma, value: unknown): void => change(withValue(draft, ['vmas', at, field], value));
  const perm = (i: number, on: boolean): void =>
    set('perms', `${vma.perms.slice(0, i)}${on ? 'rwx'[i] : '-'}${vma.perms.slice(i + 1)}`);
  const flags = vma.flags ?? [];
  return (
    <Group title={`VMA of pages ${vma.start} to ${vma.end - 1}`}>
      <NumberField label="First page" value={vma.start} onSet={(n) => set('start', n)} />
      <NumberField label="Last page" value={vma.end - 1} onSet={(n) => set('end', n + 1)} />
      <Pick label="Kind" value={vma.kind} options={VMA_KINDS} onPick={(v) => set('kind', v)} />
      {PERMS.map((p, i) => (
        <Check key={p.title} flag={p} on={vma.perms[i] !== '-'} onSet={(on) => perm(i, on)} />
      ))}
      <Check
        flag={{ title: 'shared', about: 'MAP_SHARED: writes go to the file, fork does not copy' }}
        on={vma.perms.endsWith('s')}
        onSet={(on) => set('perms', `${vma.perms.slice(0, 3)}${on ? 's' : 'p'}`)}
      />
      {VMA_FLAGS.map((f) => (
        <Check
          key={f.field}
          flag={f}
          on={flags.some((x) => x === f.field)}
          onSet={(on) => {
            const next = on ? [...flags, f.field] : flags.filter((x) => x !== f.field);
            set('flags', next.length === 0 ? undefined : next);
          }}
        />
      ))}
    </Group>
  );
}
