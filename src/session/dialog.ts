import { pause } from './play.ts';
import { type Dialog, store } from './store.ts';

/** Opens a dialog; a walk that plays stands still meanwhile. */
export function openDialog(dialog: Dialog): void {
  pause();
  store.setState({ dialog });
}
