import { type ReactNode, useState } from 'react';
import { explainWord, type WordForm } from '../../machine/words/explain.ts';
import { hex, toBig } from '../../machine/words/word.ts';
import { WordBits } from './word-bits.tsx';

export interface WordInspectorProps {
  readonly title: string;
  readonly lo: number;
  readonly hi: number;
  readonly form: WordForm;
  /** `form` is left out when it was the same layout */
  readonly before?: { readonly lo: number; readonly hi: number; readonly form?: WordForm } | undefined;
  /** step that wrote the word last, -1 = nobody in this recording, undefined = not asked */
  readonly writer?: number | undefined;
  readonly onJumpTo?: ((step: number) => void) | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** One word taken apart: its bits, what they mean, its value before this step, who wrote it. */
export function WordInspector({
  title,
  lo,
  hi,
  form,
  before,
  writer,
  onJumpTo,
  onClose,
}: WordInspectorProps): ReactNode {
  const word = toBig(lo, hi);
  const explanation = explainWord(word, form);
  const text = hex(lo, hi);
  const [copied, setCopied] = useState('');
  return (
    <section className="word-inspector" aria-label={`${title}, bit by bit`}>
      <header>
        <h3>{title}</h3>
        <code className="word-hex">{text}</code>
        <span className="word-summary">{explanation.summary}</span>
        <span className="word-actions">
          <button
            type="button"
            onClick={() => {
              navigator.clipboard.writeText(text).then(
                () => setCopied(text),
                () => setCopied(''),
              );
            }}
          >
            {copied === text ? 'Copied' : 'Copy hex'}
          </button>
          {writer !== undefined && writer >= 0 && onJumpTo !== undefined ? (
            <button type="button" onClick={() => onJumpTo(writer)}>
              Written at step {writer + 1}
            </button>
          ) : null}
          {onClose === undefined ? null : (
            <button type="button" onClick={onClose} aria-label="Close the word">
              ×
            </button>
          )}
        </span>
      </header>
      {before === undefined ? null : (
        <p className="word-before">
          Before this step: <code>{hex(before.lo, before.hi)}</code>{' '}
          {explainWord(toBig(before.lo, before.hi), before.form ?? form).summary}
        </p>
      )}
      <WordBits
        word={word}
        explanation={explanation}
        before={before === undefined ? undefined : toBig(before.lo, before.hi)}
      />
    </section>
  );
}
