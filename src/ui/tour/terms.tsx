import type { Token, Tokens } from 'marked';
import type { ReactNode } from 'react';
import { openTerm } from '../../session/tour/glossary.ts';
import { type Piece, type Term, termsIn } from '../../tour/glossary.ts';

/** The pieces of each text of a note, by its token; each term of the glossary at its first use only. */
export type Terms = ReadonlyMap<Token, readonly Piece[]>;

/** Looks for terms in the texts of a note, in reading order. */
export function termsOf(tokens: readonly Token[]): Terms {
  const found = new Map<Token, readonly Piece[]>();
  const seen = new Set<Term>();
  const visit = (list: readonly Token[]): void => {
    for (const t of list) {
      // Nothing can be pressed inside a link, and a table has no room for it.
      if (t.type === 'link' || t.type === 'table') continue;
      const inner = (t as Tokens.Generic).tokens;
      if (t.type === 'list') visit((t as Tokens.List).items);
      else if (inner !== undefined) visit(inner);
      else if (t.type === 'codespan') found.set(t, termsIn((t as Tokens.Codespan).text, seen, true));
      else if (t.type === 'text') found.set(t, termsIn((t as Tokens.Text).text, seen));
    }
  };
  visit(tokens);
  return found;
}

/** A text in which terms open their definition. */
export function WithTerms({ pieces }: { pieces: readonly Piece[] }): ReactNode {
  return pieces.map((p, i) =>
    // oxlint-disable-next-line react/no-array-index-key -- pieces of one text
    typeof p === 'string' ? p : <TermButton key={i} term={p.term} text={p.text} />,
  );
}

function TermButton({ term, text }: { term: Term; text: string }): ReactNode {
  return (
    <button type="button" className="term" title={term.means} onClick={() => openTerm(term.term)}>
      {text}
    </button>
  );
}
