import type { ReactNode } from 'react';
import { hex } from '../../machine/words/word.ts';
import { addressText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { KIND_LETTER, type EntryView } from '../../scene/entry-view.ts';
import { type FolioView, orderWord, whereOf } from '../../scene/folio-view.ts';
import { actorWord } from '../../scene/lock-view.ts';
import type { RowView } from '../../scene/row-view.ts';
import type { PlacedFolio } from '../../scene/shelf.ts';

/** The entry and the folio in focus, spelled out below the picture. */
export function Lens({
  recording,
  entry,
  folio,
}: {
  recording: Recording;
  entry: RowView | EntryView;
  folio: PlacedFolio | undefined;
}): ReactNode {
  const slot = (entry.page >>> (9 * (entry.level - 1))) & 511;
  return (
    <div className="lens-words">
      <p className={`lens-entry k-${entry.kind}`}>
        <span className="lens-badge" aria-hidden="true">
          {KIND_LETTER[entry.kind]}
        </span>
        <b>
          {entry.level === 1 ? 'PTE' : 'PMD'} {slot}
        </b>
        <span>{entry.title}</span>
        {entry.chips.map((c) => (
          <span key={c.letter} className="lens-chip">
            {c.word}
          </span>
        ))}
        {entry.entry === 0 ? null : <code>{hex(entry.lo, entry.hi)}</code>}
        <span className="lens-quiet">{addressText(recording, entry.page)}</span>
      </p>
      <p className="lens-folio">
        {folio === undefined ? (
          <span className="lens-quiet">no page behind it</span>
        ) : (
          <FolioWords recording={recording} placed={folio} />
        )}
      </p>
    </div>
  );
}

/** The room that it takes, before there is anything to spell out. */
export function LensRoom(): ReactNode {
  return (
    <div className="lens-words" aria-hidden="true">
      <p className="lens-entry">
        <span className="lens-badge" />
      </p>
      <p className="lens-folio">{'\u00a0'}</p>
    </div>
  );
}

function FolioWords({ recording, placed }: { recording: Recording; placed: PlacedFolio }): ReactNode {
  const v = placed.view;
  return (
    <>
      <b>{v.name}</b>
      <span>{orderWord(v.order)}</span>
      <Figure word="ref" now={v.ref} before={placed.refBefore} />
      <Figure word="map" now={v.map} before={placed.mapBefore} />
      {v.pins > 0 ? <span>pins {v.pins}</span> : null}
      <span>{v.flags.filter((w) => w !== 'uptodate').join(' ')}</span>
      <span>{lruWord(v)}</span>
      <span>{v.locker < 0 ? 'unlocked' : `locked by ${actorWord(recording, v.locker)}`}</span>
      <span className="lens-quiet">{v.live ? whereOf(v) : 'freed'}</span>
    </>
  );
}

const lruWord = (v: FolioView): string =>
  v.lru === 'list' ? 'on LRU' : v.lru === 'batch' ? 'in LRU batch' : 'off LRU';

function Figure({ word, now, before }: { word: string; now: number; before: number | undefined }): ReactNode {
  if (before === undefined || before === now)
    return (
      <span>
        {word} {now}
      </span>
    );
  return (
    <b className="lens-changed">
      {word} {before} → {now}
    </b>
  );
}
