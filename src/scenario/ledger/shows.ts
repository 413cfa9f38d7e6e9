import { DRIVER_SHOWS } from './shows-driver.ts';
import { HUGE_SHOWS } from './shows-huge.ts';
import { LEGACY_SHOWS } from './shows-legacy.ts';
import { RFC_SHOWS } from './shows-rfc.ts';
import { SMALL_SHOWS } from './shows-small.ts';
import type { Show } from './show.ts';

/** By ledger id: the run that shows the difference which the switch makes. */
export const SHOWS: Readonly<Record<string, Show>> = {
  ...SMALL_SHOWS,
  ...HUGE_SHOWS,
  ...DRIVER_SHOWS,
  ...RFC_SHOWS,
  ...LEGACY_SHOWS,
};
