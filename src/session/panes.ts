import type { PaneId, TextTab } from '../tour/panes.ts';
import { type CodeView, store } from './store.ts';

/** The panes by name, in the order of their keys. */
export const PANE_NAMES: Readonly<Record<PaneId, string>> = {
  stage: 'Stage',
  pfns: 'pfn arrays',
  code: 'Code',
  text: 'Text views',
  timeline: 'Timeline',
};

/** Closes a pane, or opens it again. */
export function togglePane(id: PaneId): void {
  const closed = new Set(store.getState().closed);
  if (!closed.delete(id)) closed.add(id);
  store.setState({ closed });
}

function opened(id: PaneId): ReadonlySet<PaneId> {
  const closed = new Set(store.getState().closed);
  closed.delete(id);
  return closed;
}

/** Brings a text view to the front, in a pane that is open. */
export function showTab(tab: TextTab): void {
  store.setState({ tab, closed: opened('text') });
}

/** Shows the model's source or the patch, in a pane that is open. */
export function showCode(codeView: CodeView): void {
  store.setState({ codeView, closed: opened('code') });
}
