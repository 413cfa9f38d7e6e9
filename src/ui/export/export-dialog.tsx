import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { findingsOf } from '../../recording/step-log.ts';
import { FORMATS, type Format, type Subject, exportBlob, exportName } from '../../session/export.ts';
import { TEXTS, fits, textOf } from '../../session/routes.ts';
import { saveBlob } from '../../session/save.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp, useLoaded } from '../base/use-app.ts';
import './export.css';

/** Characters of the preview; the file has everything. */
const SHOWN = 20_000;

interface Preview {
  readonly text: string;
  readonly blob: Blob | null;
  readonly failed: boolean;
}

/** Says what is exported and how, shows it, and hands it over: to the clipboard or as a file. */
export function ExportDialog(): ReactNode {
  const loaded = useLoaded();
  const step = useApp((s) => s.step);
  const [format, setFormat] = useState<Format>(FORMATS[0] as Format);
  const [subject, setSubject] = useState<Subject>({ of: 'step', step });
  const preview = usePreview(format, subject);
  const [said, setSaid] = useState('');
  if (loaded === null) return <Dialog title="Export">There is no recording yet.</Dialog>;

  const choose = (next: Subject): void => {
    setSubject(next);
    if (!format.of.includes(next.of)) setFormat(FORMATS[0] as Format);
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText((await preview.blob?.text()) ?? '');
      setSaid('Copied.');
    } catch {
      setSaid('The browser did not allow copying: select the text instead.');
    }
  };
  return (
    <Dialog title="Export" wide>
      <div className="export-choices">
        <SubjectChoice subject={subject} length={loaded.recording.length} step={step} onChoose={choose} />
        <label className="label">
          As
          <select
            className="field"
            value={format.id}
            onChange={(e) => {
              const next = FORMATS.find((f) => f.id === e.target.value) ?? format;
              setFormat(next);
              if (!next.of.includes(subject.of)) setSubject({ of: 'run' });
            }}
          >
            {FORMATS.map((f) => (
              <option key={f.id} value={f.id}>
                {f.title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className="dialog-text">{format.about}</p>
      <Scroll className="export-preview mono" label="Preview">
        <pre>{preview.text.slice(0, SHOWN)}</pre>
        {preview.text.length > SHOWN ? (
          <p className="hint">… and more: the file and the clipboard get all of it.</p>
        ) : null}
      </Scroll>
      <p className="dialog-foot">
        <button type="button" className="button primary" disabled={preview.blob === null} onClick={() => void copy()}>
          Copy
        </button>
        <button
          type="button"
          className="button"
          disabled={preview.blob === null}
          onClick={() => {
            if (preview.blob !== null) saveBlob(exportName(format, subject), preview.blob);
            setSaid(`Saved as ${exportName(format, subject)}.`);
          }}
        >
          Save file
        </button>
        <output className="hint">{preview.failed ? 'This cannot be exported.' : said}</output>
      </p>
    </Dialog>
  );
}

/** The export as text, made anew when something is chosen; the older one stays until then. */
function usePreview(format: Format, subject: Subject): Preview {
  const [preview, setPreview] = useState<Preview>({ text: '', blob: null, failed: false });
  useEffect(() => {
    let gone = false;
    void (async () => {
      let next: Preview;
      try {
        const blob = await exportBlob(format, subject);
        // Only what is shown is turned into text: a recording may have hundreds of megabytes.
        const text = await blob.slice(0, 4 * SHOWN).text();
        next = { text, blob, failed: false };
      } catch (error) {
        next = { text: error instanceof Error ? error.message : String(error), blob: null, failed: true };
      }
      if (!gone) setPreview(next);
    })();
    return () => {
      gone = true;
    };
  }, [format, subject]);
  return preview;
}

const KINDS: Readonly<Record<Subject['of'], string>> = {
  step: 'This step',
  span: 'A span of steps',
  run: 'The whole run and its schedule',
  finding: 'A finding',
  compare: 'A comparison',
};

function SubjectChoice({
  subject,
  length,
  step,
  onChoose,
}: {
  subject: Subject;
  length: number;
  step: number;
  onChoose: (next: Subject) => void;
}): ReactNode {
  const loaded = useLoaded();
  const findings = useMemo(() => (loaded === null ? [] : findingsOf(loaded.recording)), [loaded]);
  const spec = loaded?.spec;
  const others = TEXTS.filter((t) => spec !== undefined && fits(spec.strategy, t) && t.id !== textOf(spec)?.id);
  const [window] = useState(() => store.getState().window);
  const first = (of: Subject['of']): Subject => {
    switch (of) {
      case 'step':
        return { of, step };
      case 'span':
        return { of, from: Math.max(0, step), to: Math.min(length - 1, Math.max(0, step) + 24) };
      case 'run':
        return { of };
      case 'finding':
        return { of, step: findings[0]?.step ?? -1 };
      case 'compare':
        return { of, text: others[0]?.id ?? '' };
      default:
        return of satisfies never;
    }
  };
  const able: Readonly<Record<Subject['of'], boolean>> = {
    step: true,
    span: true,
    run: true,
    finding: findings.length > 0,
    compare: others.length > 0,
  };
  return (
    <>
      <label className="label">
        What
        <select
          className="field"
          data-first=""
          value={subject.of}
          onChange={(e) => onChoose(first(e.target.value as Subject['of']))}
        >
          {(Object.keys(KINDS) as Subject['of'][]).map((of) => (
            <option key={of} value={of} disabled={!able[of]}>
              {KINDS[of]}
            </option>
          ))}
        </select>
      </label>
      {subject.of === 'span' ? (
        <>
          <StepField
            label="from step"
            value={subject.from}
            length={length}
            onChange={(from) => onChoose({ ...subject, from })}
          />
          <StepField
            label="to step"
            value={subject.to}
            length={length}
            onChange={(to) => onChoose({ ...subject, to })}
          />
          <button
            type="button"
            className="button small"
            onClick={() => onChoose({ of: 'span', from: window[0], to: Math.max(window[0], window[1] - 1) })}
          >
            What the timeline shows
          </button>
        </>
      ) : null}
      {subject.of === 'finding' ? (
        <label className="label">
          Finding
          <select
            className="field"
            value={subject.step}
            onChange={(e) => onChoose({ of: 'finding', step: Number(e.target.value) })}
          >
            {findings.slice(0, 200).map((f) => (
              <option key={f.step} value={f.step}>
                step {f.step + 1}: {f.rule}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {subject.of === 'compare' ? (
        <label className="label">
          with
          <select
            className="field"
            value={subject.text}
            onChange={(e) => onChoose({ of: 'compare', text: e.target.value })}
          >
            {others.map((t) => (
              <option key={t.id} value={t.id}>
                {t.title}
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </>
  );
}

function StepField({
  label,
  value,
  length,
  onChange,
}: {
  label: string;
  value: number;
  length: number;
  onChange: (step: number) => void;
}): ReactNode {
  return (
    <label className="label">
      {label}
      <input
        className="field export-step"
        type="number"
        min={1}
        max={length}
        value={value + 1}
        onChange={(e) => {
          // People count steps from 1, as the transport does.
          const step = Math.trunc(Number(e.target.value)) - 1;
          if (Number.isFinite(step)) onChange(Math.max(0, Math.min(length - 1, step)));
        }}
      />
    </label>
  );
}
