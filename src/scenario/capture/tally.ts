/** Counts what went into a scenario, and what of the capture the model has no place for; in pages unless said otherwise. */
export interface Tally {
  present: number;
  zero: number;
  swap: number;
  /** 2 MiB areas mapped by a PMD entry */
  pmd: number;
  /** pages of 2 MiB folios that are mapped one by one */
  largePtes: number;
  shared: number;
  file: number;
  /** pages with no counterpart in the model */
  dropped: number;
  /** pages of folios of other orders than 0 and 9, taken for single pages */
  otherOrders: number;
  /** pages of 2 MiB folios that lie out of line, taken for single pages */
  outOfLine: number;
  /** areas whose PMD entry is a guess */
  guessedPmds: number;
  /** pages shared by an unknown number of processes */
  sharedUnknown: number;
  /** mappings of which only a part is shown */
  clipped: number;
  /** mappings left out because they are far from the walk */
  leftOut: number;
  hugetlb: number;
  special: number;
}

export function newTally(): Tally {
  return {
    present: 0,
    zero: 0,
    swap: 0,
    pmd: 0,
    largePtes: 0,
    shared: 0,
    file: 0,
    dropped: 0,
    otherOrders: 0,
    outOfLine: 0,
    guessedPmds: 0,
    sharedUnknown: 0,
    clipped: 0,
    leftOut: 0,
    hugetlb: 0,
    special: 0,
  };
}
