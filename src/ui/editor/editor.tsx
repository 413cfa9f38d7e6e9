import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { emptyScenario } from '../../scenario/edit/draw.ts';
import { withValue } from '../../scenario/edit/fields.ts';
import type { Scenario } from '../../scenario/types.ts';
import { change, draftSpec, editScenario, editor, redo, undo } from '../../session/editor.ts';
import { watchDraft } from '../../session/editor-preview.ts';
import { saveText } from '../../session/save.ts';
import { record } from '../../session/recorder.ts';
import { specOf } from '../../session/routes.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { Tabs } from '../base/tabs.tsx';
import { AreaStrip } from './strips.tsx';
import { Board } from './board.tsx';
import { BrushBar } from './brush-bar.tsx';
import { ConditionsForm } from './conditions-form.tsx';
import { EntryForm } from './entry-form.tsx';
import { RequestForm } from './request-form.tsx';
import { Verdict } from './verdict.tsx';
import { VmaForm } from './vma-form.tsx';
import './forms.css';
import './editor.css';

const FORMS = { Entry: EntryForm, VMA: VmaForm, Request: RequestForm, Conditions: ConditionsForm } as const;
type FormName = keyof typeof FORMS;

const TABS = (Object.keys(FORMS) as FormName[]).map((id) => ({ id, title: id }));

function onKeyDown(e: KeyboardEvent): void {
  if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== 'z') return;
  // A field that is being typed in takes its own typing back.
  if (e.target instanceof HTMLInputElement && e.target.type === 'text') return;
  e.preventDefault();
  (e.shiftKey ? redo : undo)();
}

/** Draws a memory and a request, tries them while one draws, and records them. */
export function Editor(): ReactNode {
  const draft = useStore(editor, (s) => s.draft);
  useEffect(() => {
    const { spec } = store.getState();
    const { base, draft: kept } = editor.getState();
    // A draft of the same run goes on where it was left.
    if (kept === null || (spec !== null && base !== null && base.scenario !== spec.scenario && kept === base.scenario))
      editScenario(spec ?? specOf(emptyScenario(16)));
    return watchDraft();
  }, []);
  if (draft === null) return null;
  return (
    <Dialog title="Scenario editor" wide>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys of undo and redo hold everywhere inside */}
      <div className="editor" onKeyDown={onKeyDown}>
        <Bar draft={draft} />
        <div className="editor-main">
          <div className="editor-left">
            <AreaStrip draft={draft} />
            <Board draft={draft} />
            <BrushBar />
            <Verdict draft={draft} />
          </div>
          <Forms draft={draft} />
        </div>
      </div>
    </Dialog>
  );
}

function Bar({ draft }: { draft: Scenario }): ReactNode {
  const past = useStore(editor, (s) => s.past.length);
  const future = useStore(editor, (s) => s.future.length);
  const sound = useStore(editor, (s) => s.problems.length === 0);
  const run = (): void => {
    const spec = draftSpec();
    if (spec === null) return;
    store.setState({ dialog: null });
    void record(spec);
  };
  const current = store.getState().spec;
  return (
    <div className="editor-bar">
      <input
        className="field small editor-title"
        type="text"
        aria-label="Title"
        value={draft.title}
        maxLength={200}
        onChange={(e) => change({ ...draft, title: e.target.value === '' ? 'untitled' : e.target.value })}
      />
      <button type="button" className="button small" disabled={past === 0} title="Undo (Ctrl+Z)" onClick={undo}>
        Undo
      </button>
      <button type="button" className="button small" disabled={future === 0} title="Redo (Ctrl+Shift+Z)" onClick={redo}>
        Redo
      </button>
      <label className="form-inline">
        <span>Begin anew with</span>
        <select
          className="field small"
          value=""
          onChange={(e) => {
            const pages = Number(e.target.value);
            if (pages > 0) editScenario(specOf(emptyScenario(pages)));
            else if (current !== null) editScenario(current);
          }}
        >
          <option value="" disabled>
            …
          </option>
          {current === null ? null : <option value="-1">{current.scenario.title}</option>}
          <option value="8">8 untouched pages</option>
          <option value="64">64 untouched pages</option>
          <option value="512">2 MiB, untouched</option>
          <option value="2048">8 MiB, untouched</option>
        </select>
      </label>
      <label className="form-inline">
        <span>Page 0 is at</span>
        <input
          className="field small mono"
          type="text"
          size={16}
          value={draft.base}
          onChange={(e) => change(withValue(draft, ['base'], e.target.value))}
        />
      </label>
      <span className="grow" />
      <button
        type="button"
        className="button small"
        disabled={!sound}
        onClick={() => saveText(`${draft.id}.json`, 'application/json', JSON.stringify(draftSpec()?.scenario, null, 2))}
      >
        Save as file
      </button>
      <button type="button" className="button primary small" disabled={!sound} onClick={run}>
        Record
      </button>
    </div>
  );
}

function Forms({ draft }: { draft: Scenario }): ReactNode {
  const [form, setForm] = useState<FormName>('Entry');
  const Shown = FORMS[form];
  return (
    <Tabs name="editor" label="Forms" className="editor-right" tabs={TABS} shown={form} onShow={setForm}>
      <Scroll className="editor-scroll" label={form}>
        <Shown draft={draft} />
      </Scroll>
    </Tabs>
  );
}
