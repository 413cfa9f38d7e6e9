import type { Selection } from '../scene/selection.ts';
import { PANE_IDS, TEXT_TABS } from '../tour/panes.ts';
import type { AppState } from './store.ts';

/*
 * How things are looked at, as the v= part of a link: `tab:log,closed:code+pfns,voice:reviewer,at:10-50,sel:p3`; a
 * line of a patch stands there too (patch/line-link.ts). What is
 * as usual is left out; what a reader does not know it leaves alone, so that links may say more one day.
 */

type Looks = Pick<AppState, 'tab' | 'closed' | 'voice' | 'window' | 'selection'>;

/** The text of a view; undefined when everything is as usual. @param length steps of the recording */
export function viewText(s: Looks, length: number): string | undefined {
  const [from, to] = s.window;
  const parts = [
    s.tab === 'frame' ? '' : `tab:${s.tab}`,
    s.closed.size === 0 ? '' : `closed:${PANE_IDS.filter((p) => s.closed.has(p)).join('+')}`,
    s.voice === 'student' ? '' : `voice:${s.voice}`,
    from <= 0 && to >= length ? '' : `at:${from}-${to}`,
    s.selection === null ? '' : `sel:${selectionText(s.selection)}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(',');
}

function selectionText(s: Selection): string {
  switch (s.kind) {
    case 'page':
      return `p${s.page}`;
    case 'entry':
      return `e${s.entry}-${s.page}`;
    case 'table':
      return `t${s.table}`;
    case 'folio':
      return `f${s.folio}`;
    default:
      return s satisfies never;
  }
}

/** What a view says; whatever it leaves out, or says in words unknown here, is as usual. */
export function readView(text: string, length: number): Looks {
  const said = new Map(
    text.split(',').map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]),
  );
  const closed = (said.get('closed') ?? '').split('+');
  const [, from = '0', to = String(length)] = /^(\d{1,9})-(\d{1,9})$/.exec(said.get('at') ?? '') ?? [];
  const window = [Number(from), Math.min(Number(to), length)] as const;
  return {
    tab: TEXT_TABS.find((t) => t === said.get('tab')) ?? 'frame',
    closed: new Set(PANE_IDS.filter((p) => closed.includes(p))),
    voice: said.get('voice') === 'reviewer' ? 'reviewer' : 'student',
    window: window[0] < window[1] ? window : [0, Math.max(1, length)],
    selection: readSelection(said.get('sel') ?? ''),
  };
}

function readSelection(text: string): Selection | null {
  const [, kind, first = '', second] = /^([petf])(\d{1,10})(?:-(\d{1,10}))?$/.exec(text) ?? [];
  const n = Number(first);
  if (kind === 'p') return { kind: 'page', page: n };
  if (kind === 't') return { kind: 'table', table: n };
  if (kind === 'f') return { kind: 'folio', folio: n };
  return kind === 'e' && second !== undefined ? { kind: 'entry', entry: n, page: Number(second) } : null;
}
