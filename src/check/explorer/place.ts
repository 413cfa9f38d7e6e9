import type { Kernel } from '../../kernel/kernel.ts';
import { Machine } from '../../machine/machine.ts';
import type { StatePrint } from '../../machine/state-hash.ts';
import { actorsOf, kernelFor, startKernel } from '../../recording/run.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { type Stand, initialPrint, rewind } from './stand.ts';

/** Steps after which a run of the search is cut off. */
const MOST_STEPS = 200_000;

/**
 * The one machine of a search: specs are set up on it one after the other. A spec whose memory is that of the spec
 * before costs no building, only a rewind.
 */
export class Workplace {
  readonly m = new Machine();
  private memory = '';
  private built: { readonly mm: number; readonly offset: number } = { mm: 0, offset: 0 };
  initial: StatePrint = { lo: 0, hi: 0, sharedLo: 0, sharedHi: 0 };
  /** switches that the kernel has asked for since the last `setUp` */
  asked: ReadonlySet<string> = new Set();

  /**
   * A stand for a spec.
   * @param memory names what the machine is built from: equal names, equal machines; '' has none
   * @throws {ScenarioError} when no machine can be in that state
   */
  setUp(spec: RunSpec, memory: string): Stand {
    const { m } = this;
    if (memory !== '' && memory === this.memory) rewind(m);
    else {
      // A scenario that is refused leaves a machine of which nothing is known.
      this.memory = '';
      this.built = startKernel(spec, m);
      this.memory = memory;
      this.initial = initialPrint(m);
    }
    const plain = kernelFor(spec, m);
    const fixes = new AskedSet(plain.fixes);
    this.asked = fixes.asked;
    const kernel: Kernel = { ...plain, fixes };
    const started = { ...this.built, kernel };
    return { kernel, maxSteps: MOST_STEPS, actors: () => actorsOf(spec, started) };
  }
}

/** A set of switches that remembers for which it was asked: no other can make a difference to the run. */
class AskedSet extends Set<string> {
  readonly asked = new Set<string>();

  override has(id: string): boolean {
    this.asked.add(id);
    return super.has(id);
  }
}
