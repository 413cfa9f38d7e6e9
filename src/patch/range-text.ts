import { asciiText } from '../recording/narrate.ts';
import { MAIL_COLUMNS } from '../recording/wrap.ts';
import { type RangeDiff, pairText } from './range-diff.ts';

/**
 * The range-diff for a mail: ASCII, blanks only, no line longer than `columns` (at least 20); a longer one goes on after a
 * backslash.
 */
export function rangeDiffText(diff: RangeDiff, columns = MAIL_COLUMNS): string {
  const width = Math.max(20, columns);
  const out = broken(`Range-diff, ${diff.from} to ${diff.to} (diffs only, without line numbers):`, 2, width);
  for (const pair of diff.pairs) {
    out.push(...broken(pairText(pair), 7, width));
    for (const hunk of pair.hunks) {
      if (hunk.where !== '') out.push(...broken(`    @@ ${hunk.where}`, 7, width));
      for (const l of hunk.lines) out.push(...broken(`    ${l.mark}${l.text}`, 7, width));
    }
  }
  return `${out.join('\n')}\n`;
}

/** A line in pieces of at most `columns` characters, all but the last with a backslash at the end. */
function broken(text: string, indent: number, columns: number): string[] {
  let rest = asciiText(untabbed(text).replace(/[\r\n]/g, ' ')).trimEnd();
  const out: string[] = [];
  while (rest.length > columns) {
    out.push(`${rest.slice(0, columns - 1)}\\`);
    rest = `${' '.repeat(indent)}${rest.slice(columns - 1)}`;
  }
  out.push(rest);
  return out;
}

/** Tabs as blanks, as wide as they are in the file: the marks in front do not count. */
function untabbed(text: string): string {
  const marks = /^ {4}[-+ ][-+ ]/.test(text) ? 6 : 0;
  let out = '';
  for (const c of text) out += c === '\t' ? ' '.repeat(8 - ((out.length - marks) & 7)) : c;
  return out;
}
