import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isMailOrDiff } from '../../session/import.ts';
import { MAX_PATCH_BYTES, loadPatch, loadPatchFiles, warmReader } from '../../session/patch/load.ts';
import { patchStore } from '../../session/patch/state.ts';
import { usePatch } from './use-patch.ts';

/** Where a patch comes from: files, a drop anywhere on the page, or text. */
export function OpenForm(): ReactNode {
  const box = useRef<HTMLTextAreaElement>(null);
  const [empty, setEmpty] = useState(true);
  const reading = usePatch((s) => s.reading);
  const problem = usePatch((s) => s.problem);
  const loaded = usePatch((s) => s.loaded);
  useEffect(warmReader, []);
  return (
    <form
      className="patch-open"
      onSubmit={(e) => {
        e.preventDefault();
        const text = box.current?.value ?? '';
        if (text.trim() !== '') void loadPatch([{ name: 'the pasted text', content: text }]);
      }}
    >
      <p className="patch-hint">
        A series, a diff or a review thread: an mbox, mails, <code>.patch</code> files, a raw diff, or the text of an
        archive page. Drop files anywhere on the page, paste text, or choose files (up to {MAX_PATCH_BYTES >> 20} MiB).
        Nothing leaves this page.
      </p>
      {problem === null ? null : (
        <div className="patch-problem" role="alert">
          <strong>{problem.title}</strong>
          {problem.details.map((d) => (
            <p key={d}>{d}</p>
          ))}
        </div>
      )}
      <label className="label">
        Files
        <input
          className="field"
          type="file"
          multiple
          accept=".mbox,.mbx,.eml,.patch,.diff,.txt,.html,.htm"
          onChange={(e) => {
            const files = [...(e.target.files ?? [])];
            e.target.value = '';
            if (files.length > 0) void loadPatchFiles(files);
          }}
        />
      </label>
      <label className="label">
        or text (what is pasted here is read at once)
        <textarea
          className="field mono"
          rows={6}
          spellCheck={false}
          ref={box}
          onPaste={(e) => {
            // A thread of thousands of lines takes an editable field minutes; it need not stand there first.
            const pasted = e.clipboardData.getData('text/plain');
            if (!isMailOrDiff(pasted)) return;
            e.preventDefault();
            void loadPatch([{ name: 'the pasted text', content: pasted }]);
          }}
          onChange={(e) => setEmpty(e.target.value.trim() === '')}
        />
      </label>
      <p className="patch-actions">
        <button type="submit" className="button primary" disabled={empty || reading !== null}>
          {reading === null ? 'Read it' : 'Reading …'}
        </button>
        {loaded === null ? null : (
          <button
            type="button"
            className="button"
            onClick={() => patchStore.setState({ opening: false, problem: null, wanted: null })}
          >
            Back to the patch
          </button>
        )}
      </p>
    </form>
  );
}
