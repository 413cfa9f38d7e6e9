import type { ReactNode } from 'react';
import { KIND, isDiffKind, kindName } from '../../patch/read/kinds.ts';
import { codeText } from '../../patch/read/lines.ts';
import type { PatchSet } from '../../patch/read/types.ts';
import { type Rows, SPAN } from '../../patch/rows.ts';
import { type Changed, changedWords, counterpart } from '../../patch/words.ts';
import { goToLine, lineOfRow } from '../../session/patch/actions.ts';
import { tokenize } from '../code/tokens.ts';

/** What a row shows besides its text. */
export interface RowMarks {
  /** line of the step that is looked at */
  readonly lit: number | null;
  readonly query: string;
  /**
   * how often a line's statement runs in the recording in place (`exact`: the line is its only place, else one of
   * several); null = no modelled statement
   */
  runs(line: number): { readonly runs: number; readonly exact: boolean } | null;
  /** runs of the library that execute a line; null = not known, or no modelled statement */
  covered(line: number): number | null;
}

/** Characters of a line that are drawn; the rest of a hostile line is only counted. */
const DRAWN = 600;

/** One row: a line, or the line before and the line after side by side. */
export function DiffRow({
  set,
  rows,
  row,
  selected,
  marks,
}: {
  set: PatchSet;
  rows: Rows;
  row: number;
  selected: boolean;
  marks: RowMarks;
}): ReactNode {
  const left = rows.left[row] ?? -1;
  const right = rows.right[row] ?? -1;
  const line = lineOfRow(rows, row);
  return (
    // The list box has the focus and moves by keys; an option is only clicked.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={`patch-row-${row}`}
      role="option"
      aria-selected={selected}
      className={selected ? 'patch-row selected' : 'patch-row'}
      onClick={() => goToLine(line)}
    >
      {right === -1 || right === SPAN ? (
        <Side set={set} line={left} marks={marks} wide={right === SPAN} numbers="both" />
      ) : (
        <>
          <Side set={set} line={left} marks={marks} wide={false} numbers="before" />
          <Side set={set} line={right} marks={marks} wide={false} numbers="after" />
        </>
      )}
    </div>
  );
}

const CLASS: Readonly<Record<number, string>> = {
  [KIND.add]: 'add',
  [KIND.del]: 'del',
  [KIND.hunk]: 'hunk',
  [KIND.file]: 'file',
  [KIND.comment]: 'remark',
};

function Side({
  set,
  line,
  marks,
  wide,
  numbers,
}: {
  set: PatchSet;
  line: number;
  marks: RowMarks;
  wide: boolean;
  numbers: 'before' | 'after' | 'both';
}): ReactNode {
  if (line < 0) return <span className="patch-side nothing" />;
  const kind = set.lines.kind[line] ?? 0;
  const before = set.lines.before[line] ?? 0;
  const after = set.lines.after[line] ?? 0;
  const runs = marks.runs(line);
  const covered = marks.covered(line);
  const classes = ['patch-side', CLASS[kind] ?? (isDiffKind(kind) ? 'same' : 'words')];
  if (wide) classes.push('wide');
  if (marks.lit === line) classes.push('lit');
  if (runs !== null && covered === 0) classes.push('never');
  return (
    <span className={classes.join(' ')}>
      {numbers === 'after' ? null : <span className="patch-number">{before || ''}</span>}
      {numbers === 'before' ? null : <span className="patch-number">{after || ''}</span>}
      <span className="patch-mark">{runs === null ? '' : mark(runs, covered)}</span>
      {marks.lit === line ? <span className="visually-hidden">current step: </span> : null}
      {isDiffKind(kind) ? (
        <>
          <span className="patch-sign">{kind === KIND.add ? '+' : kind === KIND.del ? '-' : ' '}</span>
          <code>
            <Code set={set} line={line} query={marks.query} />
          </code>
        </>
      ) : (
        <span className="patch-text">
          {kind === KIND.comment ? <Author set={set} line={line} /> : null}
          <Plain text={(set.lines.text[line] ?? '').slice(0, DRAWN)} query={marks.query} />
          <span className="visually-hidden">, {kindName(kind)}</span>
        </span>
      )}
    </span>
  );
}

/** A dot where the model has a statement, with what runs it: here, else in the library, else the sign for "never". */
function mark({ runs, exact }: { runs: number; exact: boolean }, covered: number | null): string {
  if (runs > 0) return exact ? `●${runs > 999 ? '' : runs}` : '◐';
  return covered === null ? '○' : covered === 0 ? '∅' : '◌';
}

/** The author stands at the first line of a remark. */
function Author({ set, line }: { set: PatchSet; line: number }): ReactNode {
  const comment = set.comments.find((c) => c.from === line);
  return comment === undefined || comment.author === '' ? null : <strong>{comment.author}: </strong>;
}

/** A line of code: words in colour, what changed against the other side marked. */
function Code({ set, line, query }: { set: PatchSet; line: number; query: string }): ReactNode {
  const text = codeText(set.lines, line).slice(0, DRAWN);
  const changed = changesOf(set, line, text);
  const tokens = tokenize([text])[0] ?? [];
  const out: ReactNode[] = [];
  let at = 0;
  for (const token of tokens) {
    for (const [from, to, isChanged] of pieces(at, at + token.text.length, changed)) {
      const piece = <Plain text={text.slice(from, to)} query={query} />;
      out.push(
        <span key={from} className={`tok-${token.kind}`}>
          {isChanged ? <mark className="patch-changed">{piece}</mark> : piece}
        </span>,
      );
    }
    at += token.text.length;
  }
  return out;
}

const known = new WeakMap<PatchSet, Map<number, Changed>>();

function changesOf(set: PatchSet, line: number, text: string): Changed {
  let ofSet = known.get(set);
  if (ofSet === undefined) {
    ofSet = new Map();
    known.set(set, ofSet);
  }
  let changed = ofSet.get(line);
  if (changed === undefined) {
    const other = counterpart(set, line);
    const otherText = other < 0 ? '' : codeText(set.lines, other).slice(0, DRAWN);
    const isNew = set.lines.kind[line] === KIND.add;
    const both = other < 0 ? null : isNew ? changedWords(otherText, text) : changedWords(text, otherText);
    changed = both === null ? [] : both[isNew ? 1 : 0];
    ofSet.set(line, changed);
  }
  return changed;
}

/** Cuts a stretch where changed words begin and end. */
function pieces(from: number, to: number, changed: Changed): (readonly [number, number, boolean])[] {
  const out: (readonly [number, number, boolean])[] = [];
  let at = from;
  for (const [a, b] of changed) {
    if (b <= at || a >= to) continue;
    if (a > at) out.push([at, a, false]);
    out.push([Math.max(a, at), Math.min(b, to), true]);
    at = Math.min(b, to);
  }
  if (at < to) out.push([at, to, false]);
  return out;
}

/** Text with what is searched for marked. */
function Plain({ text, query }: { text: string; query: string }): ReactNode {
  if (query === '') return text;
  const at = text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="patch-found">{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  );
}
