import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { BANK } from '../../machine/layout.ts';
import { hex } from '../../machine/words/word.ts';
import { pageText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { lastWriter } from '../../recording/writers.ts';
import { pageOf } from '../../scene/cursor.ts';
import { pfnStrip, type PfnStripModel, type WordCell, type WordRow } from '../../scene/pfn-rows.ts';
import { type Pages, runIndex } from '../../scene/run-index.ts';
import type { Selection } from '../../scene/selection.ts';
import { useSize } from '../stage/use-size.ts';
import { WordInspector } from './word-inspector.tsx';
import './pfn-strip.css';

export interface PfnStripProps {
  readonly recording: Recording;
  /** cursor; the recording stands there */
  readonly step: number;
  /** the scenario's requested pages (machine page numbers); found in the recording when left out */
  readonly request?: Pages | undefined;
  readonly reducedMotion: boolean;
  readonly onSelect?: ((selection: Selection) => void) | undefined;
  readonly onJumpTo?: ((step: number) => void) | undefined;
}

/** least width of a word, px: its flags stand above its page, or beside it where the strip is low */
const COLUMN = { high: 74, low: 104 } as const;
/** height of a strip that is low; the style sheet says the same */
const LOW = 158;
const ROW_TITLE: Readonly<Record<WordRow['kind'], string>> = {
  hmm_pfns: 'hmm_pfns',
  src: 'src',
  dst: 'dst',
  pfns_2016: 'pfns',
};
const ROW_SAYS: Readonly<Record<WordRow['kind'], string>> = {
  hmm_pfns: 'walk found',
  src: 'to move',
  dst: 'goes to',
  pfns_2016: 'found, goes to',
};

/** The walk's report stands in src[] until migrate_hmm_range_setup() converts it. */
const isReport = (cell: WordCell): boolean =>
  cell.kind === 'src' && cell.form.startsWith('hmm-') && (cell.lo !== 0 || cell.hi !== 0);

const saysOf = (row: WordRow): string => ROW_SAYS[row.cells.some(isReport) ? 'hmm_pfns' : row.kind];

/** Why a row is empty: the array comes later, or the walk reports into src[] itself. */
const absent = ({ kind }: WordRow, { rows }: PfnStripModel): string =>
  kind === 'hmm_pfns' && rows.some((r) => r.reported) ? 'is src[] here' : 'not yet';

const titleOf = (cell: WordCell): string =>
  `${ROW_TITLE[cell.kind]}[${cell.index}]${isReport(cell) ? ' as the walk reports it' : ''}`;

/** The pfn arrays of the pages in view: what the walk found, what is to move, where it moves to. */
export function PfnStrip({ recording, step, request, reducedMotion, onSelect, onJumpTo }: PfnStripProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const size = useSize(ref);
  const [open, setOpen] = useState<{ readonly kind: WordRow['kind']; readonly page: number } | undefined>();
  const column = size !== undefined && size.h <= LOW ? COLUMN.low : COLUMN.high;
  const columns = Math.max(2, Math.floor(((size?.w ?? 700) - 84) / column));
  const model = useMemo(() => stripOf(recording, step, columns, request), [recording, step, columns, request]);
  const cell =
    open === undefined
      ? undefined
      : model?.rows.find((r) => r.kind === open.kind)?.cells.find((c) => c.page === open.page);
  return (
    <div className="pfn-strip" ref={ref}>
      {model === undefined || model.pages.length === 0 ? (
        <p className="pfn-empty">The pages of the request appear here as 64-bit words.</p>
      ) : (
        <StripTable
          recording={recording}
          model={model}
          open={open}
          reducedMotion={reducedMotion}
          onOpen={(c) => {
            setOpen(open?.kind === c.kind && open.page === c.page ? undefined : { kind: c.kind, page: c.page });
            onSelect?.({ kind: 'page', page: c.page });
          }}
        />
      )}
      {cell === undefined || cell.word === 0 ? null : (
        <WordInspector
          title={titleOf(cell)}
          lo={cell.lo}
          hi={cell.hi}
          form={cell.form}
          before={cell.before}
          writer={Math.max(
            lastWriter(recording, BANK.WORDS, cell.word * 2, step),
            lastWriter(recording, BANK.WORDS, cell.word * 2 + 1, step),
          )}
          onJumpTo={onJumpTo}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

function stripOf(
  recording: Recording,
  step: number,
  columns: number,
  request: Pages | undefined,
): PfnStripModel | undefined {
  if (recording.position !== step) return undefined;
  const asked = request ?? runIndex(recording).asked;
  const actor = step < 0 ? 0 : (recording.machine.log.actor[step] as number);
  const page = pageOf(recording, step, actor);
  return pfnStrip(recording, step, page < 0 ? asked.start : page, columns, asked);
}

interface StripTableProps {
  readonly recording: Recording;
  readonly model: PfnStripModel;
  readonly open: { readonly kind: string; readonly page: number } | undefined;
  readonly reducedMotion: boolean;
  readonly onOpen: (cell: WordCell) => void;
}

function StripTable({ recording, model, open, reducedMotion, onOpen }: StripTableProps): ReactNode {
  const { conversion } = model;
  return (
    <table className={reducedMotion ? 'still' : ''}>
      <thead>
        <tr>
          <th scope="col">
            <span className="pfn-arrow">page</span>
          </th>
          {model.pages.map((page) => (
            <th key={page} scope="col" className={page === model.focus ? 'here' : ''}>
              {pageText(recording, page).replace('page ', '')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {model.rows.map((row) => (
          <tr key={row.kind} className={row.exists ? '' : 'absent'}>
            <th scope="row" title={saysOf(row)}>
              {ROW_TITLE[row.kind]}
              <small>{row.exists ? saysOf(row) : absent(row, model)}</small>
            </th>
            {row.cells.map((cell) => (
              <td key={cell.page} className={cell.page === model.focus ? 'here' : ''}>
                {cell.word === 0 ? (
                  <span className="pfn-word empty" />
                ) : (
                  <Word
                    cell={cell}
                    pressed={open?.kind === cell.kind && open.page === cell.page}
                    came={
                      conversion?.to === cell.kind && conversion.pages.includes(cell.page) ? conversion.from : undefined
                    }
                    reducedMotion={reducedMotion}
                    onOpen={onOpen}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface WordProps {
  readonly cell: WordCell;
  readonly pressed: boolean;
  /** row that this step made it from */
  readonly came: string | undefined;
  readonly reducedMotion: boolean;
  readonly onOpen: (cell: WordCell) => void;
}

/** One word: its flags as chips, the page it names. */
function Word({ cell, pressed, came, reducedMotion, onOpen }: WordProps): ReactNode {
  const ref = useRef<HTMLButtonElement>(null);
  const text = hex(cell.lo, cell.hi);
  const changed = cell.before !== undefined;
  // Fields arrive one after the other from the word they are made of, which stands one row above.
  useLayoutEffect(() => {
    if (!changed || reducedMotion || ref.current === null) return undefined;
    const parts = [...ref.current.querySelectorAll('.pfn-chip, .pfn-name')];
    const running = parts.map((part, i) =>
      part.animate(
        [
          { transform: `translateY(${came === undefined ? 0 : -34}px)`, opacity: 0 },
          { transform: 'none', opacity: 1 },
        ],
        { duration: 260, delay: i * 45, easing: 'cubic-bezier(.2,.7,.2,1)', fill: 'backwards' },
      ),
    );
    return () => running.forEach((a) => a.cancel());
    // `text` is not read here: a new value is what starts the motion.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [text, changed, came, reducedMotion]);
  const zero = cell.lo === 0 && cell.hi === 0;
  const words = [
    ...cell.flags.map((f) => f.name),
    ...(cell.order > 0 ? [`order ${cell.order}`] : []),
    ...(cell.name === '' ? [] : [`page ${cell.name}`]),
  ].join(' ');
  return (
    <button
      ref={ref}
      type="button"
      className={`pfn-word${changed ? ' changed' : ''}${zero ? ' zero' : ''}${toneOf(cell)}`}
      aria-pressed={pressed}
      aria-label={`${titleOf(cell)}: ${words === '' ? '0' : words}${changed ? ', written in this step' : ''}`}
      title={text}
      onClick={() => onOpen(cell)}
    >
      {zero ? <span className="pfn-zero">0</span> : null}
      {zero ? null : (
        <span className="pfn-flags">
          {cell.flags.map((f) => (
            <span key={f.letter} className="pfn-chip">
              {f.letter}
            </span>
          ))}
          {cell.order > 0 ? <span className="pfn-chip pfn-order">o{cell.order}</span> : null}
        </span>
      )}
      {zero ? null : <span className="pfn-name">{cell.name === '' ? 'no page' : cell.name}</span>}
    </button>
  );
}

function toneOf(cell: WordCell): string {
  if (cell.flags.some((f) => f.name === 'ERROR')) return ' t-error';
  if (cell.flags.some((f) => f.name === 'MIGRATE')) return ' t-migrate';
  return cell.kind === 'dst' && cell.name !== '' ? ' t-dst' : '';
}
