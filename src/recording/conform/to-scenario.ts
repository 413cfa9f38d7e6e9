import type { Operation, Scenario } from '../../scenario/types.ts';
import { type Before, readBefore } from './before.ts';
import { conditionsOf, readDescribed } from './conditions.ts';
import { readEntries, readTables } from './entries.ts';
import { expandEvents } from './expand.ts';
import type { Golden, GoldenEvent } from './golden-format.ts';
import { readOperations } from './operations.ts';
import { foreignFolios } from './owners.ts';
import { readVma } from './vmas.ts';

/** A measured run as something that the engine can run. */
export interface Measured {
  readonly golden: Golden;
  readonly scenario: Scenario;
  readonly operations: readonly Operation[];
  readonly before: Before;
  /** the event log, unrolled */
  readonly calls: readonly GoldenEvent[];
}

/** The measuring program maps its memory here, at a 2 MiB boundary. */
const AREA = 0x2_0000_0000;
const PAGE = 4096;

/**
 * Builds the scenario of a measured run from its `before` state, the words of its name and the remarks
 * and requests in its log.
 * @throws GoldenError when the file contradicts the format
 */
export function measuredToScenario(golden: Golden): Measured {
  const calls = expandEvents(golden.calls, 'calls');
  const before = readBefore(golden);
  const foreign = foreignFolios(golden, before, calls);
  const described = readDescribed(golden, calls, foreign.size > 0);
  const operations = readOperations(calls, described.device);
  const vmas = golden.before.vmas.map((vma) => readVma(vma, before));
  const tables = readTables(before);
  const request = operations.find((o) => o.call === 'hmm_range_fault' || o.call === 'migrate_vma')?.request;
  const scenario: Scenario = {
    format: 'walkscope-scenario',
    version: 1,
    id: `measured-${golden.scenario}`,
    title: `Measured: ${golden.scenario}`,
    source: [`${golden.scenario}__${golden.kernel.label}__${golden.op}`],
    base: `0x${(AREA + before.offset * PAGE).toString(16)}`,
    vmas,
    entries: readEntries(before, {
      vmas,
      device: described.device,
      foreign,
      pinned: described.pinned,
      pages: golden.range.pages,
    }),
    ...(tables.length > 0 ? { tables } : {}),
    request: request ?? {
      start: 0,
      end: golden.range.pages,
      fault: false,
      write: false,
      select: [],
      device: described.device,
    },
    conditions: conditionsOf(described),
  };
  return { golden, scenario, operations, before, calls };
}
