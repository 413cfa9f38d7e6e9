import { type Present, store } from './store.ts';

/** Changes what present mode shows; nothing happens outside of it. */
export function setPresent(part: Partial<Present>): void {
  const { present } = store.getState();
  if (present !== null) store.setState({ present: { ...present, ...part } });
}
