import type { ReactNode } from 'react';
import type { Found } from '../../check/explorer/search.ts';
import { candidateOfHit } from '../../check/rules/candidates.ts';
import { ruleById } from '../../check/rules/index.ts';
import { copyFound, playFound } from '../../session/search/search.ts';

/** What a search has found, each to be played and to be sent. */
export function Hits({ found }: { found: readonly Found[] }): ReactNode {
  if (found.length === 0) return null;
  return (
    <ol className="search-hits" aria-label="Found">
      {found.map((f, i) => {
        const known = candidateOfHit(f);
        return (
          <li key={i}>
            <div>
              <b>{f.rule}</b> at <code>{f.site}</code>
              {f.ledger.length === 0 ? null : <span className="hint"> ledger {f.ledger.join(', ')}</span>}
              {known === undefined ? null : (
                <span className="hint"> candidate {known.id}, on the mended kernel, too</span>
              )}
              <p className="hint">{ruleById(f.rule)?.says}</p>
              <p>
                {f.spec.scenario.title}
                {f.spec.fixes === undefined ? '' : `; mended: ${f.spec.fixes.join(', ')}`}
                {f.spec.schedule === undefined
                  ? ''
                  : `; schedule ${f.spec.schedule === '' ? 'as it comes' : f.spec.schedule}`}
                ; step {f.step + 1} of {f.steps}
              </p>
            </div>
            <div className="search-buttons">
              <button
                type="button"
                className="button"
                aria-label={`Play hit ${i + 1}, ${f.rule}`}
                onClick={() => void playFound(f)}
              >
                Play
              </button>
              <button
                type="button"
                className="button"
                aria-label={`Copy a link to hit ${i + 1}, ${f.rule}`}
                onClick={() => void copyFound(f)}
              >
                Copy link
              </button>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
