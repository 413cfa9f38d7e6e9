import { type ReactNode, useState } from 'react';
import { explainWord, type WordForm } from '../../machine/words/explain.ts';
import { hiOf, loOf, parseHex } from '../../machine/words/word.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { WordInspector } from '../pfn-strip/word-inspector.tsx';
import { WORD_FORMS } from './word-forms.ts';
import './word-dialog.css';

const isForm = (value: string): value is WordForm => WORD_FORMS.some(([, forms]) => forms.some(([f]) => f === value));

/** Takes any word apart that a person pastes: from a crash dump, a trace, a mail; read in every layout at once. */
export function WordDialog(): ReactNode {
  const [text, setText] = useState('0x8000000012345067');
  const [form, setForm] = useState<WordForm>('pte');
  const read = parseHex(text);
  const problem = typeof read === 'bigint' ? '' : read.error;
  return (
    <Dialog title="Explain a 64-bit word" wide>
      <div className="word-ask">
        <label className="label">
          Word, hexadecimal
          <input
            className="field mono"
            type="text"
            size={24}
            spellCheck={false}
            autoComplete="off"
            data-first=""
            value={text}
            aria-invalid={problem !== ''}
            aria-describedby="word-problem"
            onChange={(e) => setText(e.target.value)}
          />
        </label>
        <label className="label">
          Read as
          <select className="field" value={form} onChange={(e) => isForm(e.target.value) && setForm(e.target.value)}>
            {WORD_FORMS.map(([group, forms]) => (
              <optgroup key={group} label={group}>
                {forms.map(([id, title]) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
      </div>
      <p id="word-problem" className="word-problem" role="status">
        {problem}
      </p>
      {typeof read === 'bigint' ? (
        <Scroll className="word-answer" label="What the word says">
          <Answer word={read} form={form} onForm={setForm} />
        </Scroll>
      ) : null}
    </Dialog>
  );
}

function Answer({ word, form, onForm }: { word: bigint; form: WordForm; onForm: (form: WordForm) => void }): ReactNode {
  return (
    <>
      <WordInspector title={explainWord(word, form).title} lo={loOf(word)} hi={hiOf(word)} form={form} />
      <h3>In every layout</h3>
      <table className="word-table">
        <thead>
          <tr>
            <th scope="col">Read as</th>
            <th scope="col">It says</th>
          </tr>
        </thead>
        <tbody>
          {WORD_FORMS.flatMap(([group, forms]) =>
            forms.map(([id, title]) => (
              <tr key={id} aria-current={id === form ? 'true' : undefined}>
                <th scope="row">
                  <button type="button" className="link" onClick={() => onForm(id)}>
                    {group}: {title}
                  </button>
                </th>
                <td>{explainWord(word, id).summary}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </>
  );
}
