import type { FolioView } from './folio-view.ts';
import type { PlacedFolio } from './shelf.ts';

/** Words for a card, most important first; the painter shows as many lines as fit. */
export function cardLines(placed: PlacedFolio): readonly string[] {
  const v = placed.view;
  const change = (now: number, before: number | undefined): string =>
    before === undefined || before === now ? String(now) : `${before}→${now}`;
  if (v.zero) return ['zero page', 'never freed'];
  return [
    `ref ${change(v.ref, placed.refBefore)} map ${change(v.map, placed.mapBefore)}`,
    flagsLine(v),
    orderLine(v),
    v.order === 0 ? '' : `${1 << v.order} pages`,
  ].filter((s) => s !== '');
}

const flagsLine = (v: FolioView): string =>
  [...v.flags.filter((w) => w !== 'uptodate'), v.lru === 'list' ? 'LRU' : v.lru === 'batch' ? 'LRU batch' : '']
    .filter((s) => s !== '')
    .join(' ');
const orderLine = (v: FolioView): string => (v.order === 0 ? '' : `order ${v.order}`);
