import { SHOWS } from '../../scenario/ledger/shows.ts';
import type { TourRun } from '../types.ts';

/**
 * The run that shows a row of the review ledger, with its switch off or on.
 * @throws {Error} when the row has no run of its own
 */
export function showRun(id: string, on: boolean): TourRun {
  const show = SHOWS[id];
  if (show === undefined) throw new Error(`no run shows ${id}`);
  const fixes = [...(show.with ?? []), ...(on ? [id] : [])];
  return {
    scenario: show.scenario,
    strategy: show.strategy,
    ...(show.kernel === undefined ? {} : { kernel: show.kernel }),
    ...(show.operations === undefined ? {} : { operations: show.operations }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}
