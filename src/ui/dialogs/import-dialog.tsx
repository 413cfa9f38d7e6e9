import { type ReactNode, useEffect, useState } from 'react';
import { MAX_FILE_BYTES, importFile, importText } from '../../session/import.ts';
import { type Sample, openSample, samples } from '../../session/samples.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { ProblemBox } from '../frame/problem.tsx';

/** Closes the dialog when what was asked for is open. */
async function closeIf(opened: Promise<boolean>): Promise<void> {
  if (await opened) store.setState({ dialog: null });
}

/** Opens a scenario or a capture from a file or from text. */
export function ImportDialog(): ReactNode {
  const [text, setText] = useState('');
  return (
    <Dialog title="Import">
      <p className="dialog-text">
        A scenario or a recording (JSON), the memory of a real process as the capture script writes it, or the text of a
        mail that the app has written: it opens the run that the mail is about. You can also drop a file anywhere on the
        page, or paste its text. Files of up to {MAX_FILE_BYTES / (1024 * 1024)} MiB; nothing leaves this page.
      </p>
      <ProblemBox />
      <label className="label">
        File
        <input
          className="field"
          type="file"
          data-first=""
          accept=".json,.txt,.eml,application/json,text/plain"
          onChange={(e) => {
            const file = e.target.files?.[0];
            e.target.value = '';
            if (file) void closeIf(importFile(file));
          }}
        />
      </label>
      <label className="label">
        or text
        <textarea
          className="field mono"
          rows={6}
          spellCheck={false}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      </label>
      <p className="dialog-foot">
        <button
          type="button"
          className="button primary"
          disabled={text.trim() === ''}
          onClick={() => void closeIf(importText(text, 'The pasted text'))}
        >
          Open
        </button>
      </p>
      <Samples />
    </Dialog>
  );
}

/** Captures of real processes that ship with the page. */
function Samples(): ReactNode {
  const [list, setList] = useState<readonly Sample[]>([]);
  useEffect(() => {
    let gone = false;
    void samples().then((found) => {
      if (!gone) setList(found);
      return found;
    });
    return () => {
      gone = true;
    };
  }, []);
  if (list.length === 0) return null;
  return (
    <>
      <h3>Captures of real processes</h3>
      <ul className="samples">
        {list.map((s) => (
          <li key={s.file}>
            <button type="button" className="link" onClick={() => void closeIf(openSample(s))}>
              {s.title}
            </button>
            <p className="hint">{s.made}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
