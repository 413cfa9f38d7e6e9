import type { EntryView } from './entry-view.ts';

/** A row of a table: the entry, what it was before this step if this step wrote it, and where the pages below it stand. */
export interface RowView extends EntryView {
  readonly slot: number;
  /** name of the page frame it names, empty without one */
  readonly name: string;
  readonly before: EntryView | undefined;
  /** in the requested range */
  readonly asked: boolean;
  /** for a PMD row with a table below: how many of its 512 entries are of each kind, by kind code */
  readonly mix: readonly number[];
}
