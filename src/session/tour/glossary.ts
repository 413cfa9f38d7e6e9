import { createStore } from 'zustand/vanilla';
import { openDialog } from '../dialog.ts';

/** The term at which the glossary opens; '' = at the beginning. */
export const glossaryStore = createStore<{ readonly at: string }>(() => ({ at: '' }));

/** Opens the glossary at a term. */
export function openTerm(term: string): void {
  glossaryStore.setState({ at: term });
  openDialog('glossary');
}
