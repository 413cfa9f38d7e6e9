import { type ReactNode, useMemo } from 'react';
import { CONTRADICTIONS, type ReviewItem, guidedReview, runThatShows, verdictOf } from '../../patch/review.ts';
import type { Comment, PatchSet } from '../../patch/read/types.ts';
import { goToLine, openRun } from '../../session/patch/actions.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';
import { ReachButton } from './reach-button.tsx';

/** The remarks of the thread; those that are rows of the review ledger say what became of them, and show it. */
export function Remarks({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const { set } = loaded;
  const items = useMemo(() => guidedReview(set), [set]);
  const known = new Set(items.map((i) => i.comment));
  const others = set.comments.filter((c) => c.same < 0 && c.answers < 0 && !known.has(c.index));
  return (
    <>
      <h3>Rows of the review ledger ({items.length})</h3>
      {items.length === 0 ? <p className="patch-hint">No remark of this thread is a row of the ledger.</p> : null}
      <ol className="patch-remarks">
        {items.map((item) => (
          <Item key={`${item.row.id}-${item.comment}`} set={set} item={item} />
        ))}
      </ol>
      {others.length === 0 ? null : (
        <>
          <h3>Other remarks ({others.length})</h3>
          <ol className="patch-remarks">
            {others.map((c) => (
              <li key={c.index}>
                <Words set={set} comment={c} line={c.target >= 0 ? c.target : c.on >= 0 ? c.on : c.from} />
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

/** Characters of a remark that the list shows. */
const SHOWN = 280;

function Words({ set, comment, line }: { set: PatchSet; comment: Comment; line: number }): ReactNode {
  return (
    <>
      <button type="button" className="link" onClick={() => goToLine(line >= 0 ? line : comment.from)}>
        {comment.author || 'somebody'}, {placeOf(set, line)}
      </button>
      <blockquote>{comment.text.length > SHOWN ? `${comment.text.slice(0, SHOWN)} …` : comment.text}</blockquote>
    </>
  );
}

function placeOf(set: PatchSet, line: number): string {
  const file = set.files[set.hunks[set.lines.hunk[line] ?? -1]?.file ?? -1];
  return file === undefined ? 'on the whole' : `${file.path}:${set.lines.after[line] || set.lines.before[line]}`;
}

function Item({ set, item }: { set: PatchSet; item: ReviewItem }): ReactNode {
  const { row } = item;
  const comment = set.comments[item.comment];
  const shows = runThatShows(row.id, false);
  const against = CONTRADICTIONS[row.id];
  const mends = row.is.kind === 'switch' ? runThatShows(row.id, true) : undefined;
  return (
    <li>
      <p className="patch-row-title">
        <strong>{row.id}</strong> {row.title}
        {item.fn === '' ? '' : `, in ${item.fn}()`}
      </p>
      {comment === undefined ? null : <Words set={set} comment={comment} line={item.line} />}
      {item.answers.map((a) => (
        <p key={a} className="patch-hint">
          {set.comments[a]?.author}: {set.comments[a]?.text.slice(0, SHOWN)}
        </p>
      ))}
      <p className="patch-verdict">
        {verdictOf(row)}; mended in{' '}
        {row.fixedIn === '–' ? 'no revision' : row.fixedIn === '?' ? 'a revision not known' : row.fixedIn} (
        {row.certainty})
      </p>
      <p className="patch-actions">
        {shows === undefined ? null : (
          <button
            type="button"
            className="button small"
            onClick={() => void openRun(shows, `${row.id}: as posted, ${shows.scenario.title}.`)}
          >
            Show it: {shows.scenario.title}
          </button>
        )}
        {against === undefined ? null : (
          <ReachButton
            about={row.id}
            question={{ kind: 'rule', rule: against.rule }}
            fixes={against.fixes}
            title="Search for a state that contradicts this"
          />
        )}
        {mends === undefined ? null : (
          <button type="button" className="button small" onClick={() => void openRun(mends, `${row.id}: mended.`)}>
            With switch {row.id}
          </button>
        )}
      </p>
    </li>
  );
}
