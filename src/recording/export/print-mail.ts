import { asciiText } from '../narrate.ts';
import { MAIL_COLUMNS, wrap } from '../wrap.ts';
import type { Block, Report } from './report.ts';

/*
 * Mail as kernel developers read it: ASCII, at most 75 columns, blanks only, nothing attached. A link that is longer than
 * a line is cut; every part but the last ends in a backslash, which no link contains, and read-mail.ts joins them again.
 */

/** One line of ASCII text: line ends become blanks. */
export const oneLine = (text: string): string => asciiText(text.replace(/\s+/g, ' ').trim());

/** A report as mail text. Every line has at most 75 printable ASCII characters and no blank at its end. */
export function printMail(report: Report): string {
  const lines = [...wrap(0, 2, oneLine(report.title)), ''];
  for (const block of report.blocks) lines.push(...blockLines(block), '');
  return `${lines.join('\n').trimEnd()}\n`;
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'fields':
      return block.rows.flatMap(([name, value]) => wrap(0, 2, `${name}: ${oneLine(value)}`));
    case 'link':
      return linkLines(block.address, block.fragment);
    case 'text':
      return wrap(0, 0, oneLine(block.text));
    case 'list':
      return block.items.flatMap((item) => wrap(0, 2, `* ${oneLine(item)}`));
    case 'lines':
      return [...block.lines];
    case 'table':
      return tableLines(block.head, block.rows);
    default:
      return block satisfies never;
  }
}

/** `Link: …` in one line if it fits, else the parts below each other. An address with unusual characters is left out. */
function linkLines(address: string, fragment: string): string[] {
  const whole = /^[\x21-\x5b\x5d-\x7e]*$/.test(address) ? address + fragment : fragment;
  const line = `Link: ${whole}`;
  if (line.length <= MAIL_COLUMNS) return [line];
  const room = MAIL_COLUMNS - 3;
  const parts: string[] = [];
  for (let at = 0; at < whole.length; at += room) parts.push(whole.slice(at, at + room));
  return ['Link:', ...parts.map((p, i) => `  ${p}${i + 1 < parts.length ? '\\' : ''}`)];
}

/** Columns as wide as their widest cell; those after the first to the right. What is too wide is cut. */
function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map(oneLine));
  const others = head.slice(1).map((_, i) => Math.min(18, Math.max(...cells.map((row) => (row[i + 1] ?? '').length))));
  const first = Math.max(8, MAIL_COLUMNS - 2 - others.reduce((sum, w) => sum + w + 2, 0));
  const width = Math.min(first, Math.max(...cells.map((row) => (row[0] ?? '').length)));
  return cells.map((row) => {
    const rest = others.map((w, i) => `  ${(row[i + 1] ?? '').slice(0, w).padStart(w)}`).join('');
    return `  ${(row[0] ?? '').slice(0, width).padEnd(width)}${rest}`.trimEnd().slice(0, MAIL_COLUMNS);
  });
}
