import { siteInfo } from '../../machine/sites.ts';
import { COUNTERS, type CountsAfter, counterChanges } from '../counters.ts';
import type { Recording } from '../recording.ts';
import { stepNumber } from '../step-number.ts';

/** A field of RFC 4180, in quotes if it needs them; what a spreadsheet would take for a formula gets a quote in front. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The counters as CSV (RFC 4180, lines end in CR LF), piece by piece: a row for the state before the first step (number
 * 0), one for every step at which a counter changes, and one for the last step.
 */
export function* countersCsv(rec: Recording): Generator<string> {
  const row = (cells: readonly (string | number)[]): string => `${cells.map(field).join(',')}\r\n`;
  const { actor, site } = rec.machine.log;
  const at = ({ step, counts }: CountsAfter): string => {
    const { fn, label } = siteInfo(site[step] as number);
    return row([stepNumber(step), rec.actors[actor[step] as number] ?? '', `${fn}:${label}`, ...counts]);
  };
  yield row(['step', 'actor', 'site', ...COUNTERS.map((c) => c.id)]);
  yield row([stepNumber(-1), '', '', ...COUNTERS.map(() => 0)]);
  let last: CountsAfter = { step: -1, counts: new Int32Array(COUNTERS.length) };
  for (last of counterChanges(rec)) yield at(last);
  if (last.step < rec.length - 1) yield at({ ...last, step: rec.length - 1 });
}
