import type { Scenario } from '../types.ts';
import { ACTORS_ALONE } from './actors.ts';
import { DEVICE_PFN } from './device-pfn.ts';
import { DEVICES } from './devices.ts';
import { DRIVERS } from './drivers.ts';
import { SELFTEST_SCENARIOS } from './hmm-tests.ts';
import { HUGE_PAGES } from './huge-pages.ts';
import { LARGE } from './large.ts';
import { RIVALS } from './rivals.ts';
import { SMALL_PAGES } from './small-pages.ts';
import { VMAS } from './vmas.ts';

const [OPENING, ...MORE_HUGE] = HUGE_PAGES as [Scenario, ...Scenario[]];

/** The scenarios that ship, in teaching order; the first one opens when nothing else is asked for. */
export const LIBRARY: readonly Scenario[] = [
  OPENING,
  ...SMALL_PAGES,
  ...MORE_HUGE,
  ...DEVICES,
  ...VMAS,
  ...RIVALS,
  ...ACTORS_ALONE,
  ...DRIVERS,
  ...DEVICE_PFN,
  ...SELFTEST_SCENARIOS,
  ...LARGE,
];

const BY_ID = new Map(LIBRARY.map((s) => [s.id, s]));

/** A shipped scenario, or undefined. */
export function scenarioById(id: string): Scenario | undefined {
  return BY_ID.get(id);
}
