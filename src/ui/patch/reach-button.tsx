import type { ReactNode } from 'react';
import type { Question } from '../../check/explorer/question.ts';
import { openFound, reachText, search, stopSearch } from '../../session/patch/reach.ts';
import { usePatch } from './use-patch.ts';

/** Starts a search, says how far it is, and opens what it found. */
export function ReachButton({
  about,
  question,
  fixes = [],
  title,
}: {
  about: string;
  question: Question;
  fixes?: readonly string[];
  title: string;
}): ReactNode {
  const reach = usePatch((s) => s.reached.get(about));
  return (
    <>
      {reach?.running === true ? (
        <button type="button" className="button small" onClick={stopSearch}>
          Stop the search
        </button>
      ) : (
        <button type="button" className="button small" onClick={() => search(about, question, fixes)}>
          {title}
        </button>
      )}
      {reach === undefined ? null : <span className="patch-hint">{reachText(reach)}</span>}
      {reach?.found ? (
        <button type="button" className="button small" onClick={() => void openFound(reach)}>
          Open it
        </button>
      ) : null}
    </>
  );
}
