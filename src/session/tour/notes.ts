import { createStore } from 'zustand/vanilla';
import type { Tour } from '../../tour/types.ts';
import { openDialog } from '../dialog.ts';

/** The tour whose lecture notes are shown. */
export const notesStore = createStore<{ readonly load: (() => Promise<Tour>) | null }>(() => ({ load: null }));

/** Shows the lecture notes of a tour. */
export function openNotes(load: () => Promise<Tour>): void {
  notesStore.setState({ load });
  openDialog('notes');
}
