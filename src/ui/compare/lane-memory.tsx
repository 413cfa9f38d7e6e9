import { type ReactNode, useMemo } from 'react';
import { KIND_LETTER, KIND_WORD } from '../../scene/entry-view.ts';
import { KindMap } from '../../scene/kind-map.ts';
import { type LaneStrip, type StripCell, laneStrip } from '../../scene/lane-strip.ts';
import type { Lane } from '../../session/compare/state.ts';

/** Cells of a level at most. */
const MOST = 64;

/** The lane's memory at the cursor: the entries of the request level by level, its locks, and where the walker is. */
export function LaneMemory({ lane, step }: { lane: Lane; step: number }): ReactNode {
  const rec = lane.recording;
  const map = useMemo(() => new KindMap(rec), [rec]);
  const { start, end } = lane.spec.scenario.request;
  // The machine stands at the lane's step already; it changes in place, so the step says when to look again.
  const strip = useMemo(
    () => laneStrip(rec, map, { start: start + rec.origin, end: end + rec.origin }, step, MOST),
    [rec, map, start, end, step],
  );
  return (
    <div className="lane-memory" role="img" aria-label={memoryText(strip)}>
      <Level name="PMD" cells={strip.pmds} lock={strip.pmdLock} />
      <Level name="PTE" cells={strip.ptes} lock={strip.pteLock} />
      <span className="lane-locks">
        mmap {strip.mmap}
        {strip.folioLocks > 0 ? `, ${strip.folioLocks} folio ${strip.folioLocks === 1 ? 'lock' : 'locks'}` : ''}
      </span>
    </div>
  );
}

function Level({ name, cells, lock }: { name: string; cells: readonly StripCell[]; lock: number }): ReactNode {
  return (
    <span className={lock >= 0 ? 'lane-level locked' : 'lane-level'} aria-hidden="true">
      <span className="lane-level-name">
        {name}
        {lock >= 0 ? <Lock actor={lock} /> : null}
      </span>
      <span className="lane-cells">
        {cells.map((c) => (
          <span key={c.page} className={`lane-cell k-${c.kind} ${c.actor >= 0 ? 'at' : ''}`} title={cellText(c)}>
            {cells.length <= 32 ? `${KIND_LETTER[c.kind]}${c.mixed ? '+' : ''}` : ''}
          </span>
        ))}
      </span>
    </span>
  );
}

/** A lock with its holder's number, in the holder's colour. */
function Lock({ actor }: { actor: number }): ReactNode {
  return (
    <b className={`lane-lock a-${actor % 4}`}>
      <svg viewBox="0 0 10 12" width="9" height="11">
        <path d="M2.5 6V4a2.500 2.500 0 0 1 5 0v2" />
        <rect x="1" y="6" width="8" height="5.500" rx="1" />
      </svg>
      {actor}
    </b>
  );
}

function cellText(c: StripCell): string {
  const where = c.count === 1 ? `page ${c.page}` : `pages ${c.page} to ${c.page + c.count - 1}`;
  return `${where}: ${c.mixed ? 'mostly ' : ''}${KIND_WORD[c.kind]}`;
}

function memoryText(s: LaneStrip): string {
  const runs: string[] = [];
  let from = 0;
  s.ptes.forEach((c, i) => {
    const next = s.ptes[i + 1];
    if (next !== undefined && next.kind === c.kind) return;
    const first = s.ptes[from] as StripCell;
    const last = c.page + c.count - 1;
    runs.push(`${first.page === last ? `page ${last}` : `pages ${first.page} to ${last}`} ${KIND_WORD[c.kind]}`);
    from = i + 1;
  });
  const locks = [
    s.mmap === 'free' ? '' : `mmap lock (${s.mmap})`,
    s.pmdLock >= 0 ? 'a PMD lock' : '',
    s.pteLock >= 0 ? 'a PTE lock' : '',
    s.folioLocks > 0 ? `${s.folioLocks} folio locks` : '',
  ].filter((l) => l !== '');
  const walker = s.page === undefined ? '' : ` The walker is at page ${s.page}.`;
  return `${runs.join(', ')}.${walker} Held: ${locks.length === 0 ? 'no lock' : locks.join(', ')}.`;
}
