import { type ReactNode, useMemo, useState } from 'react';
import { type RangePair, pairText, rangeDiff } from '../../patch/range-diff.ts';
import type { RangeHunk } from '../../patch/range-lines.ts';
import { type Version, loadedVersions, newestPair } from '../../patch/range-versions.ts';
import { copyRangeDiff, goToLine } from '../../session/patch/actions.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';

/** Lines of one patch shown before the rest is only counted; the copied text has them all. */
const LINES = 600;

const WORDS = { '=': 'the same', '!': 'changed', '<': 'only in the older', '>': 'only in the newer' } as const;

/** Two versions of the loaded series, patch by patch, and the diffs of their diffs. */
export function RangePanel({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const versions = useMemo(() => loadedVersions(loaded.set), [loaded]);
  const [older, setOlder] = useState(() => newestPair(versions)?.[0] ?? 0);
  const [newer, setNewer] = useState(() => newestPair(versions)?.[1] ?? 0);
  const diff = useMemo(() => {
    const from = versions[older];
    const to = versions[newer];
    return from === undefined || to === undefined ? null : rangeDiff(from, to);
  }, [versions, older, newer]);
  if (diff === null) return <p className="patch-hint">Two versions of a series are needed; fewer are loaded.</p>;
  return (
    <>
      <p className="patch-actions">
        <Choice label="Older version" versions={versions} value={older} onPick={setOlder} />
        <Choice label="Newer version" versions={versions} value={newer} onPick={setNewer} />
        <button type="button" className="button small" onClick={() => void copyRangeDiff(diff)}>
          Copy as text
        </button>
      </p>
      <p className="patch-hint">
        What differs between the diffs; line numbers and commit messages are not compared. First sign: - only in{' '}
        {diff.from}, + only in {diff.to}; second: the patch’s own.
      </p>
      {diff.pairs.map((pair) => (
        <Pair key={`${pair.oldNumber} ${pair.newNumber}`} pair={pair} />
      ))}
    </>
  );
}

function Choice({
  label,
  versions,
  value,
  onPick,
}: {
  label: string;
  versions: readonly Version[];
  value: number;
  onPick: (i: number) => void;
}): ReactNode {
  return (
    <select className="field small" aria-label={label} value={value} onChange={(e) => onPick(Number(e.target.value))}>
      {versions.map((v, i) => (
        <option key={v.label} value={i}>
          {v.label}
        </option>
      ))}
    </select>
  );
}

function Pair({ pair }: { pair: RangePair }): ReactNode {
  const line = pair.fresh?.at[0] ?? pair.old?.at[0] ?? -1;
  return (
    <>
      <h3>
        <button type="button" className="link" onClick={() => goToLine(line)}>
          {pairText(pair)}
        </button>
        <span className="hint"> {WORDS[pair.status]}</span>
      </h3>
      {pair.hunks.length === 0 ? null : <Hunks hunks={pair.hunks} />}
    </>
  );
}

function Hunks({ hunks }: { hunks: readonly RangeHunk[] }): ReactNode {
  const before = hunks.map((_, i) => hunks.slice(0, i).reduce((n, h) => n + h.lines.length, 0));
  const total = hunks.reduce((n, h) => n + h.lines.length, 0);
  return (
    <>
      {hunks.map((h, i) => {
        const shown = h.lines.slice(0, Math.max(0, LINES - (before[i] ?? 0)));
        if (shown.length === 0) return null;
        const first = h.lines.find((l) => l.mark === '+') ?? h.lines.find((l) => l.mark === '-');
        return (
          <div key={before[i]}>
            <button type="button" className="link" onClick={() => goToLine(first?.line ?? -1)}>
              @@ {h.where}
            </button>
            <pre className="patch-range">
              {shown.map((l, k) => {
                const Tag = l.mark === '+' ? 'ins' : l.mark === '-' ? 'del' : 'span';
                return (
                  // oxlint-disable-next-line react/no-array-index-key -- the lines of a hunk never change places
                  <Tag key={k}>
                    {l.mark}
                    {l.text}
                    {'\n'}
                  </Tag>
                );
              })}
            </pre>
          </div>
        );
      })}
      {total > LINES ? <p className="patch-hint">and {total - LINES} more lines; the copied text has them.</p> : null}
    </>
  );
}
