import { BANK } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { MIGRATE_PFN_COMPOUND, MIGRATE_VMA_SELECT_SYSTEM } from '../../machine/words/migrate-pfn.ts';
import { MIGRATE, RANGE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { functionNumber } from './functions.ts';

/** A setup that succeeded: what it was asked for, and what it says. */
export interface Setup {
  readonly migrate: number;
  readonly mm: number;
  readonly start: number;
  readonly end: number;
  /** place of src[] in the words bank */
  readonly src: number;
  /** kinds of memory asked for, as MIGRATE_VMA_* */
  readonly select: number;
  readonly owner: number;
  /** whose device-private pages the walk reports instead of having them fetched home */
  readonly reports: number;
  /** it collected in hmm_range_fault() for a driver with a notifier, where what cannot be mirrored is an error */
  readonly mirrors: boolean;
  /** nobody else has run since it began */
  readonly alone: boolean;
}

/**
 * Hears of every collection that succeeded, once its src[] is what the driver gets: at the end of
 * migrate_hmm_range_setup() (series v2) or of migrate_vma_setup() (v6.19).
 */
export abstract class SetupDone extends Check {
  override readonly opsAfter = [OP.ENTER, OP.EXIT];
  private readonly walk = functionNumber('hmm_range_fault');
  private readonly convert = functionNumber('migrate_hmm_range_setup');
  private readonly whole = functionNumber('migrate_vma_setup');
  /** by hmm_range or migrate_vma: the step at which its latest walk began */
  private readonly began = new Map<number, number>();
  /** hmm_ranges whose latest walk succeeded */
  private readonly good = new Set<number>();
  /** structs of whose setup has been told */
  private readonly told = new Set<number>();

  /** A collection is done. */
  protected abstract done(setup: Setup): void;

  override restart(): void {
    for (const kept of [this.began, this.good, this.told]) kept.clear();
  }

  override after(): void {
    const { s } = this;
    const fn = s.site >> 5;
    if (fn !== this.walk && fn !== this.convert && fn !== this.whole) return;
    if (s.op === OP.ENTER) {
      if (fn === this.convert) return;
      this.began.set(s.a, s.step);
      this.good.delete(s.a);
      this.told.delete(s.a);
    } else if (fn === this.walk) {
      if (s.a === 0) this.good.add(s.b);
    } else if (fn === this.convert) this.converted(s.b);
    else if (s.a === 0 && !this.told.has(s.b)) this.classic(s.b);
  }

  private classic(migrate: number): void {
    const reports = this.s.obj(migrate + MIGRATE.OWNER);
    this.tell(migrate, this.began.get(migrate) ?? 0, { select: 0, reports, mirrors: false });
  }

  private converted(range: number): void {
    const { s } = this;
    const migrate = s.obj(range + RANGE.MIGRATE);
    this.told.add(migrate);
    if (migrate === 0 || !this.good.has(range)) return;
    const mirrors = s.obj(range + RANGE.NOTIFIER) !== 0;
    // A device fault asks for system memory by asking for a migration at all.
    const asked = mirrors && (s.obj(range + RANGE.DEFAULT_FLAGS) & s.enc.MIGRATE) !== 0;
    const reports = s.obj(range + RANGE.OWNER);
    this.tell(migrate, this.began.get(range) ?? 0, { select: asked ? MIGRATE_VMA_SELECT_SYSTEM : 0, reports, mirrors });
  }

  private tell(migrate: number, from: number, { select, ...how }: Pick<Setup, 'select' | 'reports' | 'mirrors'>): void {
    const { s } = this;
    this.done({
      migrate,
      mm: s.obj(migrate + MIGRATE.MM),
      start: s.obj(migrate + MIGRATE.START),
      end: s.obj(migrate + MIGRATE.END),
      src: s.obj(migrate + MIGRATE.SRC),
      select: s.obj(migrate + MIGRATE.FLAGS) | select,
      owner: s.obj(migrate + MIGRATE.OWNER),
      ...how,
      alone: this.alone(from),
    });
  }

  private alone(from: number): boolean {
    const { actor } = this.s.machine.log;
    for (let i = from; i < this.s.step; i++) if (actor[i] !== this.s.actor) return false;
    return true;
  }

  /** Calls back for each entry of src[]; one that stands for a huge page counts for all of its pages. */
  protected each(setup: Setup, entry: (page: number, lo: number, hi: number) => boolean): void {
    const words = this.s.cells[BANK.WORDS] as Int32Array;
    for (let page = setup.start; page < setup.end; page++) {
      const at = (setup.src + page - setup.start) * 2;
      const lo = words[at] as number;
      if (!entry(page, lo, words[at + 1] as number)) return;
      if ((lo & MIGRATE_PFN_COMPOUND) !== 0) page += 511;
    }
  }
}
