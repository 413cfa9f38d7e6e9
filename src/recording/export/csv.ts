import { siteInfo } from '../../machine/sites.ts';
import { COUNTERS, countersAt } from '../counters.ts';
import type { Recording } from '../recording.ts';

/** A field of RFC 4180, in quotes if it needs them; what a spreadsheet would take for a formula gets a quote in front. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The counters as CSV (RFC 4180, lines end in CR LF), piece by piece: a row for the state before the first step, one for
 * every step at which a counter changes, and one for the last step.
 */
export function* countersCsv(rec: Recording): Generator<string> {
  const row = (cells: readonly (string | number)[]): string => `${cells.map(field).join(',')}\r\n`;
  yield row(['step', 'actor', 'site', ...COUNTERS.map((c) => c.id)]);
  let before = '';
  for (let step = -1; step < rec.length; step++) {
    const counters = countersAt(rec, step);
    const values = COUNTERS.map((c) => counters[c.id]);
    const now = values.join(',');
    if (now === before && step !== rec.length - 1) continue;
    before = now;
    const { actor, site } = rec.machine.log;
    const where = step < 0 ? '' : siteInfo(site[step] as number);
    const at = where === '' ? '' : `${where.fn}:${where.label}`;
    yield row([step, step < 0 ? '' : (rec.actors[actor[step] as number] ?? ''), at, ...values]);
  }
}
