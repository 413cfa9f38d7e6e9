import { type ReactNode, useMemo } from 'react';
import { BANK } from '../../machine/layout.ts';
import { addressText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { lastWriter } from '../../recording/writers.ts';
import type { EntryView } from '../../scene/entry-view.ts';
import type { StageModel } from '../../scene/stage-model.ts';
import { folioSentence } from '../../scene/stage-text.ts';
import { WordInspector } from '../pfn-strip/word-inspector.tsx';

const LEVEL = ['', 'PTE', 'PMD', 'PUD', 'PGD'] as const;
const FORM = ['pte', 'pte', 'pmd', 'pud', 'pud'] as const;

/** The closest look: one entry with its 64 bits, and the folio it names in full. */
export function EntryLevel({
  recording,
  step,
  model,
  onJumpTo,
}: {
  recording: Recording;
  step: number;
  model: StageModel;
  onJumpTo: ((step: number) => void) | undefined;
}): ReactNode {
  const entry: EntryView = model.pteRows.find((r) => r.page === model.focus) ?? model.pmd;
  const writer = useMemo(
    () =>
      entry.entry === 0
        ? -1
        : Math.max(
            lastWriter(recording, BANK.PT, entry.entry * 2, step),
            lastWriter(recording, BANK.PT, entry.entry * 2 + 1, step),
          ),
    [recording, step, entry.entry],
  );
  const folio = model.folios.find((p) => entry.pfn >= p.view.pfn && entry.pfn < p.view.pfn + (1 << p.view.order));
  const slot = (entry.page >>> (9 * (entry.level - 1))) & 511;
  return (
    <div className="entry-level">
      {entry.entry === 0 ? (
        <p>
          There is no {LEVEL[entry.level]} entry for {addressText(recording, model.focus)}: no table exists here.
        </p>
      ) : (
        <WordInspector
          title={`${LEVEL[entry.level] ?? ''} ${slot} of ${addressText(recording, entry.page)}`}
          lo={entry.lo}
          hi={entry.hi}
          form={FORM[entry.level] ?? 'pte'}
          before={model.changes.entries.get(entry.entry)}
          writer={writer}
          onJumpTo={onJumpTo}
        />
      )}
      {folio === undefined ? null : <p className="entry-folio">{folioSentence(recording, folio.view)}</p>}
    </div>
  );
}
