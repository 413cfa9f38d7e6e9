import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { glossaryStore } from '../../session/tour/glossary.ts';
import { GLOSSARY, type Term } from '../../tour/glossary.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import './tour.css';

const found = (t: Term, words: readonly string[]): boolean => {
  const text = `${t.term} ${(t.also ?? []).join(' ')} ${t.means} ${t.source}`.toLowerCase();
  return words.every((w) => text.includes(w));
};

/** Every kernel term that is used here, searchable. */
export function GlossaryDialog(): ReactNode {
  const at = useStore(glossaryStore, (s) => s.at);
  const [text, setText] = useState('');
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'center' });
  }, []);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const terms = GLOSSARY.filter((t) => found(t, words));
  return (
    <Dialog title="Glossary" wide>
      <input
        className="field"
        type="text"
        aria-label="Find a term"
        placeholder="Search terms and explanations"
        value={text}
        data-first=""
        onChange={(e) => setText(e.target.value)}
      />
      <p className="hint" role="status">
        {terms.length === 0 ? 'No term matches.' : `${terms.length} terms`}
      </p>
      <Scroll className="glossary" label="Terms">
        <dl>
          {terms.map((t) => (
            <div key={t.term} className="glossary-row" ref={t.term === at ? here : undefined} data-here={t.term === at}>
              <dt>{t.term}</dt>
              <dd>
                {t.means} <span className="hint">{t.source}</span>
              </dd>
            </div>
          ))}
        </dl>
      </Scroll>
    </Dialog>
  );
}
