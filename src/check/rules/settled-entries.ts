import { Check } from './check.ts';

/** Looks at entries that were written, once no spinlock is held any more: in between, the kernel is between two writes. */
export abstract class SettledEntries extends Check {
  private readonly entries: number[] = [];

  /** The entry was written in this step; what it was before. True: it has to be looked at. */
  protected abstract concerns(e: number, kind: number, frame: number): boolean;
  /** An entry of the latest stretch under spinlocks, as it is now; one that was written twice comes twice. */
  protected abstract look(e: number): void;

  override restart(): void {
    this.entries.length = 0;
  }

  override entry(e: number, kind: number, frame: number): void {
    if (this.concerns(e, kind, frame)) this.entries.push(e);
  }

  override quiet(): void {
    for (let i = 0; i < this.entries.length; i++) this.look(this.entries[i] as number);
    this.entries.length = 0;
  }
}
