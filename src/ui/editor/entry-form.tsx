import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import {
  DEVICES,
  ENTRY_KINDS,
  FOLIO_COUNTS,
  FOLIO_FLAGS,
  FOLIO_LRU,
  FOLIO_MEMORY,
  MARKERS,
  MIGRATION_KINDS,
  entryFlags,
} from '../../scenario/edit/choices.ts';
import { valueAt } from '../../scenario/edit/fields.ts';
import { stretchAt } from '../../scenario/edit/paint.ts';
import { hasFolio, meaningOf } from '../../scenario/resolve.ts';
import type { Scenario, ScenarioEntry } from '../../scenario/types.ts';
import { adjustSelection, editor, paintSelection } from '../../session/editor.ts';
import { ERASER } from '../../scenario/edit/brushes.ts';
import { Check, Group, NumberField, Pick } from './form.tsx';

/** Everything about the selected pages' entries and the folios behind them. */
export function EntryForm({ draft }: { draft: Scenario }): ReactNode {
  const cursor = useStore(editor, (s) => s.cursor);
  const from = useStore(editor, (s) => s.from);
  const to = useStore(editor, (s) => s.to);
  const e = stretchAt(draft, cursor);
  const where = to - from === 1 ? `Page ${from}` : `Pages ${from} to ${to - 1}`;
  if (e === undefined)
    return (
      <p className="form-note">
        {where}: no entry. Choose a brush, or press its letter on the board, to put one there.
      </p>
    );
  return (
    <>
      <p className="form-note">
        {where}
        {e.level === 'pmd' ? ', by PMD entries: the whole 2 MiB area changes' : ''}
      </p>
      <Group title="Entry">
        <Pick label="Kind" value={e.kind} options={kinds(e)} onPick={(kind) => become(e, kind)} />
        {e.kind === 'migration' ? (
          <Pick
            label="Migration entry"
            value={e.migration ?? 'r'}
            options={MIGRATION_KINDS}
            onPick={(value) => adjustSelection(['migration'], value)}
          />
        ) : null}
        {e.kind === 'marker' ? (
          <Pick
            label="Marker"
            value={e.marker ?? 'guard'}
            options={MARKERS}
            onPick={(value) => adjustSelection(['marker'], value)}
          />
        ) : null}
        {entryFlags(e).map((f) => (
          <Check
            key={f.field}
            flag={f}
            on={valueAt(e, [f.field]) === true}
            onSet={(on) => adjustSelection([f.field], on ? true : undefined)}
          />
        ))}
      </Group>
      {hasFolio(e) || e.kind === 'swap' ? <FolioForm draft={draft} e={e} /> : null}
      <button type="button" className="button small" onClick={() => paintSelection(ERASER)}>
        Erase the entries
      </button>
    </>
  );
}

const PMD_KINDS = ['none', 'present', 'zero', 'migration', 'device'];
const kinds = (e: ScenarioEntry) =>
  e.level === 'pmd' ? ENTRY_KINDS.filter((k) => PMD_KINDS.includes(k.value)) : ENTRY_KINDS;

/** Another kind keeps of the old entry what both can have. */
function become(e: ScenarioEntry, kind: string): void {
  const { level, folio } = e;
  const next = { level, kind: kind as ScenarioEntry['kind'] };
  const kept = hasFolio({ ...e, kind: next.kind }) && folio !== undefined && next.kind !== 'swap' ? { folio } : {};
  const more =
    kind === 'migration' ? { migration: 'w' as const } : kind === 'marker' ? { marker: 'guard' as const } : {};
  paintSelection({ word: '', title: '', about: '', brush: { ...next, ...more, ...kept } });
}

function FolioForm({ draft, e }: { draft: Scenario; e: ScenarioEntry }): ReactNode {
  const vma = draft.vmas.find((v) => v.start <= e.page && e.page < v.end);
  const folio = e.folio ?? {};
  const means = vma === undefined ? undefined : meaningOf(draft, e, vma);
  const memory = means?.memory ?? folio.memory ?? 'system';
  return (
    <Group title="Folio">
      <Pick
        label="Memory"
        value={memory}
        options={FOLIO_MEMORY}
        onPick={(value) => {
          adjustSelection(['folio', 'device'], undefined);
          adjustSelection(['folio', 'memory'], value);
        }}
      />
      {memory === 'system' ? null : (
        <Pick
          label="Owner"
          value={String(means?.device ?? 0)}
          options={DEVICES}
          onPick={(value) => adjustSelection(['folio', 'device'], Number(value))}
        />
      )}
      {memory === 'system' ? (
        <Pick
          label="LRU"
          value={folio.lru ?? 'list'}
          options={FOLIO_LRU}
          onPick={(value) => adjustSelection(['folio', 'lru'], value)}
        />
      ) : null}
      {FOLIO_FLAGS.map((f) => (
        <Check
          key={f.field}
          flag={f}
          on={f.field === 'anon' ? means?.anon === true : valueAt(folio, [f.field]) === true}
          onSet={(on) => adjustSelection(['folio', f.field], on ? true : f.field === 'anon' ? false : undefined)}
        />
      ))}
      {FOLIO_COUNTS.map((c) => (
        <NumberField
          key={c.field}
          label={c.title}
          about={c.about}
          min={0}
          max={c.max}
          value={Number(valueAt(folio, [c.field]) ?? 0)}
          onSet={(n) => adjustSelection(['folio', c.field], n === 0 ? undefined : n)}
        />
      ))}
      {e.level === 'pte' ? (
        <p className="form-note">
          {folio.order === 9 ? 'Part of a folio of 512 pages' : 'A folio of one page each'}
          {folio.name === undefined ? '.' : `, called ${folio.name}.`}
        </p>
      ) : null}
    </Group>
  );
}
