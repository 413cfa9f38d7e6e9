import { addressText, pageText, tableText } from '../recording/names.ts';
import type { Recording } from '../recording/recording.ts';
import { type FolioView, orderWord, whereOf } from './folio-view.ts';
import { type LockView, actorWord } from './lock-view.ts';
import type { RowView } from './row-view.ts';
import type { PlacedFolio } from './shelf.ts';
import type { StageModel } from './stage-model.ts';

/** A table of words: the picture for those who read it. */
export interface TextTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Everything the stage shows, as tables: entries, folios, locks, and what this step does besides. */
export function stageText(recording: Recording, model: StageModel): readonly TextTable[] {
  return [
    {
      caption: 'Page-table entries',
      head: ['table', 'slot', 'address', 'entry', 'bits', 'page', 'before this step'],
      rows: [...model.pmdRows, ...model.pteRows].map((r) => entryRow(recording, r, model.focus)),
    },
    {
      caption: 'Folios',
      head: ['folio', 'order', 'references', 'mapcount', 'flags', 'LRU', 'locked by', 'where'],
      rows: model.folios.map((p) => folioRow(recording, p)),
    },
    {
      caption: 'Locks',
      head: ['lock', 'held by', 'waiting'],
      rows: model.locks.map((l) => [
        lockWord(recording, l),
        holderWord(recording, l),
        l.waiters.map((a) => actorWord(recording, a)).join(', '),
      ]),
    },
    {
      caption: 'In this step',
      head: ['what', 'pages'],
      rows: model.notices.map((n) => [
        n.label,
        n.start < 0 ? '' : `${pageText(recording, n.start)} to ${pageText(recording, n.end - 1)}`,
      ]),
    },
  ];
}

function entryRow(recording: Recording, r: RowView, focus: number): readonly string[] {
  const here = r.level === 1 ? r.page === focus : r.page === (focus & ~511);
  return [
    r.level === 1 ? 'PTE' : 'PMD',
    `${r.slot}${here ? ' (in focus)' : ''}`,
    addressText(recording, r.page),
    r.title,
    r.chips.map((c) => c.word).join(', '),
    r.name,
    r.before === undefined ? '' : r.before.title,
  ];
}

function folioRow(recording: Recording, p: PlacedFolio): readonly string[] {
  const v = p.view;
  const change = (now: number, before: number | undefined): string =>
    before === undefined || before === now ? String(now) : `${now} (was ${before})`;
  return [
    v.name,
    orderWord(v.order),
    change(v.ref, p.refBefore),
    change(v.map, p.mapBefore),
    v.flags.join(' '),
    v.lru,
    v.locker < 0 ? '' : actorWord(recording, v.locker),
    v.live ? whereOf(v) : 'freed',
  ];
}

/** Name of a lock. */
export function lockWord(recording: Recording, lock: LockView): string {
  switch (lock.kind) {
    case 'table':
      return `lock of the ${tableText(recording, lock.id)}`;
    case 'folio':
      return `lock of folio ${lock.id}`;
    case 'mmap':
      return lock.id === 1 ? 'mmap lock' : `mmap lock of mm ${lock.id}`;
    default:
      return 'anon_vma lock';
  }
}

function holderWord(recording: Recording, lock: LockView): string {
  if (lock.mode === 'free') return 'nobody';
  if (lock.holder >= 0) return `${actorWord(recording, lock.holder)}${lock.mode === 'read' ? ' (read)' : ''}`;
  return lock.mode === 'read' ? `${lock.readers} readers` : 'somebody';
}

/** One entry in a sentence, for the line under the stage and for screen readers. */
export function entrySentence(recording: Recording, r: RowView): string {
  const bits = r.chips.map((c) => c.word).join(', ');
  const page = r.name === '' ? '' : ` ${r.name}`;
  return `${r.level === 1 ? 'PTE' : 'PMD'} ${r.slot} at ${addressText(recording, r.page)}: ${r.title}${page}${bits === '' ? '' : `, ${bits}`}`;
}

/** One folio in a sentence. */
export function folioSentence(recording: Recording, v: FolioView): string {
  const parts = [`${v.name}: ${orderWord(v.order)}`, `references ${v.ref}`, `mapcount ${v.map}`, ...v.flags];
  if (v.pins > 0) parts.push(`${v.pins} pins`);
  parts.push(v.lru === 'none' ? 'on no LRU list' : v.lru === 'list' ? 'on the LRU list' : 'in an LRU batch');
  parts.push(v.locker < 0 ? 'unlocked' : `locked by ${actorWord(recording, v.locker)}`, whereOf(v));
  return `${parts.join(', ')}${v.live ? '' : ', freed'}`;
}

/** The stage in two sentences, for assistive technology. */
export function stageSummary(recording: Recording, model: StageModel): string {
  const own = model.cursors.find((c) => c.actor === model.actor);
  const where =
    own === undefined
      ? 'No page touched yet'
      : `${actorWord(recording, own.actor)} works on ${pageText(recording, own.page)} at ${addressText(recording, own.page)}`;
  const row = model.pteRows.find((r) => r.page === model.focus);
  const entry = row === undefined ? `PMD entry: ${model.pmd.title}` : entrySentence(recording, row);
  const held = model.locks.filter((l) => l.mode !== 'free').length;
  return `${where}. ${entry}. ${held === 0 ? 'No lock held' : `${held} lock${held === 1 ? '' : 's'} held`}${model.notices.length === 0 ? '' : `. ${model.notices.map((n) => n.label).join(', ')}`}.`;
}
