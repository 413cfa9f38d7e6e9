import { type ReactNode, useMemo } from 'react';
import type { Hunk, PatchSet } from '../../patch/read/types.ts';
import { goToLine } from '../../session/patch/actions.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';

/** Hunks listed of one file before the rest is only counted. */
const HUNKS = 60;
/** Files listed before the rest is only counted. */
const FILES = 400;

/** Messages, files and hunks, each a way to its line. */
export function Outline({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const { set } = loaded;
  const hunksOf = useMemo(() => byFile(set), [set]);
  const order = set.series.length > 0 ? inOrder(set) : set.messages.map((m) => m.index);
  const listed = useMemo(() => listedFiles(set), [set]);
  return (
    <ul className="patch-outline">
      {order.map((m) => {
        const message = set.messages[m];
        if (message === undefined) return null;
        const own = set.files.filter((f) => f.message === m && !f.quoted);
        const shown = own.filter((f) => listed.has(f.index));
        return (
          <li key={m}>
            <button type="button" className="link" onClick={() => goToLine(message.body)}>
              {message.subject === '' ? 'a diff without a mail' : message.subject}
            </button>
            <span className="hint"> {message.author}</span>
            <ul>
              {shown.map((f) => (
                <li key={f.index}>
                  <button type="button" className="link" onClick={() => goToLine(f.line)}>
                    {f.path}
                  </button>
                  <span className="hint">
                    {' '}
                    +{f.added} −{f.removed}
                    {f.status === 'changed' ? '' : `, ${f.status}`}
                  </span>
                  <Hunks set={set} hunks={hunksOf.get(f.index) ?? []} />
                </li>
              ))}
              {own.length > shown.length ? <li className="hint">and {own.length - shown.length} more files</li> : null}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

function Hunks({ set, hunks }: { set: PatchSet; hunks: readonly Hunk[] }): ReactNode {
  return (
    <ul>
      {hunks.slice(0, HUNKS).map((h) => (
        <li key={h.index}>
          <button type="button" className="link" onClick={() => goToLine(h.line)}>
            {functionName(h.heading) || `line ${set.lines.after[h.lines[0] ?? -1] || h.newStart}`}
          </button>
          <span className="hint">
            {' '}
            {h.newStart}–{h.newStart + Math.max(0, h.newLines - 1)}
          </span>
        </li>
      ))}
      {hunks.length > HUNKS ? <li className="hint">and {hunks.length - HUNKS} more hunks</li> : null}
    </ul>
  );
}

/** `name()` of a hunk's heading, or the heading itself. */
const functionName = (heading: string): string => {
  const name = /([A-Za-z_]\w*)\s*\(/.exec(heading.slice(0, 200))?.[1];
  return name === undefined ? heading.slice(0, 60) : `${name}()`;
};

/** The first files of all messages together. */
const listedFiles = (set: PatchSet): ReadonlySet<number> =>
  new Set(
    set.files
      .filter((f) => !f.quoted)
      .slice(0, FILES)
      .map((f) => f.index),
  );

function byFile(set: PatchSet): Map<number, Hunk[]> {
  const out = new Map<number, Hunk[]>();
  for (const h of set.hunks) {
    const known = out.get(h.file);
    if (known) known.push(h);
    else out.set(h.file, [h]);
  }
  return out;
}

function inOrder(set: PatchSet): number[] {
  const out = set.series.flatMap((s) => [...(s.cover >= 0 ? [s.cover] : []), ...s.patches, ...s.replies]);
  return [...out, ...set.messages.map((m) => m.index).filter((m) => !out.includes(m))];
}
