import { DEVICE_PFN_SWITCHES } from './device-pfn.ts';
import type { KernelText } from '../kernel/kernel.ts';
import type { HmmEncodingId } from '../machine/words/hmm-pfn.ts';
import { ScenarioError } from './error.ts';
import { LEDGER } from './ledger/index.ts';
import type { KernelVersion, Revision, RunSpec } from './types.ts';

/**
 * A switch that the code asks for, `k.fixes.has('R-07')`. Off, the kernel does as it was measured. On, a
 * defect is mended, or (`as-before`) the text is as it was in a revision before v2, or (`changed`) it is as in a later
 * kernel that does the same thing in another way.
 */
export interface FixSwitch {
  readonly id: string;
  readonly title: string;
  readonly on: 'mended' | 'as-before' | 'changed';
}

/** The switches of the review ledger; all off is v2 as posted. */
export const FIX_SWITCHES: readonly FixSwitch[] = LEDGER.flatMap(({ id, title, is }) =>
  is.kind === 'switch' ? [{ id, title, on: is.on }] : [],
);

/** Ids of all switches, those of the device-private series (device-pfn.ts) too. */
export const SWITCH_IDS: ReadonlySet<string> = new Set([...FIX_SWITCHES, ...DEVICE_PFN_SWITCHES].map((s) => s.id));

const MENDED = new Set(FIX_SWITCHES.filter((s) => s.on === 'mended').map((s) => s.id));

/**
 * The first posting on v6.19: its defects that v2 no longer has. RFC-12 is not among them: the number of a
 * flag only clashes when that posting is rebased without a change.
 */
const RFC = new Set(FIX_SWITCHES.filter((s) => s.on === 'as-before' && s.id !== 'RFC-12').map((s) => s.id));

/** Switches that are on in a revision. What the postings of v7 do not show is left as in v2. */
export function revisionFixes(revision: Revision): ReadonlySet<string> {
  switch (revision) {
    case 'v2':
      return new Set();
    case 'v7':
      return new Set(['R-07', 'V-01', 'F-16']);
    case 'rfc':
      return RFC;
    case 'fixed':
      return MENDED;
  }
}

/** Switches that are on in a kernel without the series: what v7.1.5 has mended since v6.19. */
const VERSION_FIXES: Readonly<Record<Exclude<KernelVersion, 'v2'>, readonly string[]>> = {
  base: [],
  k715: ['F-27', 'M-02', 'N-01', 'N-02'],
};

/**
 * What a run says about its kernel: whose text, which encoding of hmm pfns, which switches are on.
 * @throws {ScenarioError} when it names a switch that is none
 */
export function kernelOf(spec: Pick<RunSpec, 'kernel' | 'revision' | 'fixes'>): {
  text: KernelText;
  encoding: HmmEncodingId;
  fixes: ReadonlySet<string>;
} {
  const version = spec.kernel ?? 'v2';
  const extra = spec.fixes ?? [];
  const unknown = extra.find((id) => !SWITCH_IDS.has(id));
  if (unknown !== undefined) {
    const message = `"${unknown.slice(0, 40)}" is no switch of the ledger or of a series.`;
    throw new ScenarioError([{ path: 'fixes', expected: 'switches such as R-07', got: unknown, message }]);
  }
  if (version === 'v2') {
    const fixes = new Set([...revisionFixes(spec.revision), ...extra]);
    return { text: 'v2', encoding: seriesEncoding(fixes, 'v2', fixes.has('D-13') ? 'v2-dp' : 'v2'), fixes };
  }
  const fixes = new Set([...VERSION_FIXES[version], ...extra]);
  return { text: 'v6.19', encoding: seriesEncoding(fixes, 'mainline', 'dp'), fixes };
}

/** The header that is compiled: with HMM_PFN_DEVICE_PRIVATE (DP-3) it may be another one. */
function seriesEncoding(fixes: ReadonlySet<string>, without: HmmEncodingId, withFlag: HmmEncodingId): HmmEncodingId {
  return fixes.has('DP-3') ? withFlag : without;
}
