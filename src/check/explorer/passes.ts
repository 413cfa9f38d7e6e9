/** What stands for a draft that asked for nothing: it was refused. */
const NOTHING = -1;

/**
 * Remembers, over the passes of one stage of a search, for which switches each draft's runs have asked. A draft that has
 * not asked for any of those that are mended since would run as it did, so that it need not be run again.
 */
export class Passes {
  /** by draft, in the order in which they come: index into `sets` */
  private readonly asked: number[] = [];
  private readonly sets: ReadonlySet<string>[] = [];
  private readonly numbers = new Map<string, number>();
  /** by set: it has one of the mends; undefined in the first pass */
  private touched: readonly boolean[] | undefined;
  private at = -1;

  /** A stage begins. */
  begin(): void {
    this.asked.length = 0;
    this.touched = undefined;
    this.at = -1;
  }

  /** The stage begins anew, with these switches turned on since. */
  again(mends: readonly string[]): void {
    this.touched = this.sets.map((set) => mends.some((id) => set.has(id)));
    this.at = -1;
  }

  /** Goes to the next draft. @returns whether it has to be run in this pass */
  wants(): boolean {
    this.at++;
    if (this.touched !== undefined) return this.touched[this.asked[this.at] as number] === true;
    this.asked.push(NOTHING);
    return true;
  }

  /** The draft at hand was run, and asked for these switches. */
  note(switches: ReadonlySet<string>): void {
    const name = [...switches].toSorted().join(' ');
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.sets.push(new Set(switches)) - 1;
      this.numbers.set(name, number);
    }
    this.asked[this.at] = number;
  }
}
