import { OP } from '../machine/ops.ts';
import { siteInfo } from '../machine/sites.ts';
import type { Recording } from '../recording/recording.ts';
import { runScenario } from '../recording/run.ts';
import { LIBRARY } from '../scenario/library/index.ts';
import type { Operation, RunSpec, Scenario } from '../scenario/types.ts';
import { CALLS } from './calls.ts';

/** A run of a scenario set. */
export interface CoverageRun {
  /** what the person reads: scenario and the way it is served */
  readonly name: string;
  readonly spec: RunSpec;
}

/** How a scenario set executes one site. */
export interface SiteCoverage {
  /** runs that execute it */
  readonly runs: number;
  /** the first of them, index into `runs` of the coverage; and the step there */
  readonly first: number;
  readonly step: number;
}

/** What a scenario set executes. */
export interface Coverage {
  readonly runs: readonly string[];
  /** runs that could not be made, with the reason */
  readonly failed: readonly string[];
  /** by site id; a site that is missing was executed by none */
  readonly sites: ReadonlyMap<number, SiteCoverage>;
}

/** A run over more pages than this says nothing about lines that a smaller one does not, and takes seconds. */
const MAX_PAGES = 8192;

/** Ways into the walk: a device fault, and migrate_vma_setup() with and without faulting. */
const WAYS: readonly { readonly name: string; operations?(s: Scenario): readonly Operation[] }[] = [
  { name: 'device fault' },
  { name: 'migrate_vma_setup, fault', operations: (s) => [{ call: 'migrate_vma', fault: true, request: s.request }] },
  { name: 'migrate_vma_setup', operations: (s) => [{ call: 'migrate_vma', fault: false, request: s.request }] },
];

/** The scenarios of the library through the unified walk of version 2, by each way in. */
export function libraryRuns(library: readonly Scenario[] = LIBRARY): CoverageRun[] {
  return library
    .filter((s) => s.request.end - s.request.start <= MAX_PAGES)
    .flatMap((scenario) =>
      WAYS.map((way): CoverageRun => {
        const operations = way.operations?.(scenario);
        return {
          name: `${scenario.id}, ${way.name}`,
          spec: { scenario, strategy: 'unified', revision: 'v2', ...(operations === undefined ? {} : { operations }) },
        };
      }),
    );
}

/** Collects what runs execute, one after the other. */
export class CoverageCounter {
  private readonly names: string[] = [];
  private readonly failed: string[] = [];
  private readonly sites = new Map<number, { runs: number; first: number; step: number }>();
  private readonly callSites: ReadonlyMap<string, number>;

  /** @param ids site ids by `function:label`. */
  constructor(ids: ReadonlyMap<string, number>) {
    this.callSites = new Map(Object.entries(CALLS).map(([call, name]) => [call, ids.get(name) ?? -1]));
  }

  /** Makes a run and counts it. A run that cannot be made is named, not counted. */
  add(run: CoverageRun): void {
    let rec: Recording;
    try {
      rec = runScenario(run.spec);
    } catch (error) {
      this.failed.push(`${run.name}: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const index = this.names.push(run.name) - 1;
    for (const [site, step] of firstSteps(rec, this.callSites)) {
      const known = this.sites.get(site);
      if (known) known.runs++;
      else this.sites.set(site, { runs: 1, first: index, step });
    }
  }

  result(): Coverage {
    return { runs: this.names, failed: this.failed, sites: this.sites };
  }
}

/** First step of each site that a recording executes. */
function firstSteps(rec: Recording, callSites: ReadonlyMap<string, number>): Map<number, number> {
  const { site, op, actor, depth } = rec.machine.log;
  const out = new Map<number, number>();
  // Site at which each actor last was, by depth.
  const last = new Map<number, number>();
  const wanted = new Set([...callSites.keys()].map((call) => call.split(' ')[1] ?? ''));
  for (let i = 0; i < rec.length; i++) {
    const id = site[i] ?? 0;
    if (!out.has(id)) out.set(id, i);
    const place = ((actor[i] ?? 0) << 8) | (depth[i] ?? 0);
    last.set(place, id);
    if (op[i] !== OP.ENTER || !wanted.has(siteInfo(id).fn)) continue;
    const caller = last.get(place - 1);
    const call = caller === undefined ? -1 : (callSites.get(`${siteInfo(caller).fn} ${siteInfo(id).fn}`) ?? -1);
    if (call >= 0 && !out.has(call)) out.set(call, i);
  }
  return out;
}
