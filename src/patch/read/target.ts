import { KIND, isDiffKind } from './kinds.ts';
import type { LineTable } from './lines.ts';

/**
 * Finds for the quoted lines of a reply the posting's lines that they repeat. Lines that occur once are certain; from
 * them it goes on line by line in both directions, so that a lone brace is found by its neighbours.
 * @param quoted lines of the reply in order; @param posting the posting's diff lines in order.
 */
export function bindQuotes(table: LineTable, quoted: readonly number[], posting: readonly number[]): void {
  const places = new Map<string, number[]>();
  posting.forEach((line, at) => {
    const key = keyOf(table, line);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  });
  const at: number[] = quoted.map(() => -1);
  const textAt = (p: number): string => keyOf(table, posting[p] ?? -1);
  quoted.forEach((line, q) => {
    const key = keyOf(table, line);
    if (key === '') return;
    const before = at[q - 1] ?? -1;
    if (before >= 0 && textAt(before + 1) === key) at[q] = before + 1;
    else {
      const all = places.get(key) ?? [];
      if (all.length === 1) at[q] = all[0] ?? -1;
    }
  });
  for (let q = quoted.length - 2; q >= 0; q--) {
    const after = at[q + 1] ?? -1;
    if ((at[q] ?? -1) < 0 && after > 0 && textAt(after - 1) === keyOf(table, quoted[q] ?? -1)) at[q] = after - 1;
  }
  quoted.forEach((line, q) => {
    const p = at[q] ?? -1;
    if (p < 0) return;
    table.target[line] = posting[p] ?? -1;
    // A trimmed quotation has no hunk header: what a line is, its posting says.
    const kind = table.kind[posting[p] ?? -1];
    if (table.kind[line] === KIND.quote && kind !== undefined) table.kind[line] = kind;
  });
}

/** A line without what mails change: blanks. The marker counts, except in a listing, which has none. */
function keyOf(table: LineTable, i: number): string {
  if (i < 0) return '';
  const own = table.own(i).slice(0, 400);
  const kind = table.kind[i] ?? 0;
  const marker = isDiffKind(kind)
    ? kind === KIND.add
      ? '+'
      : kind === KIND.del
        ? '-'
        : ' '
    : /^[+-]/.test(own)
      ? own[0]
      : ' ';
  const code = /^[+-]/.test(own) ? own.slice(1) : own;
  return (marker ?? ' ') + code.replace(/\s+/g, '');
}

/** Lines of a robot's listing bind to what the file looks like after the patch. */
export function bindListing(table: LineTable, listed: readonly number[], posting: readonly number[]): void {
  const code = (i: number): string => table.own(i).slice(0, 400).replace(/\s+/g, '');
  const fresh = posting.filter((i) => table.kind[i] !== KIND.del);
  const after = (i: number): string => {
    const own = table.own(i).slice(0, 400);
    return (/^[+ ]/.test(own) ? own.slice(1) : own).replace(/\s+/g, '');
  };
  const places = new Map<string, number[]>();
  fresh.forEach((line, at) => {
    const key = after(line);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  });
  let before = -1;
  for (const line of listed) {
    const key = code(line);
    let p = before >= 0 && after(fresh[before + 1] ?? -1) === key ? before + 1 : -1;
    const all = p < 0 && key.length > 3 ? (places.get(key) ?? []) : [];
    if (all.length === 1) p = all[0] ?? -1;
    if (p >= 0) table.target[line] = fresh[p] ?? -1;
    before = p;
  }
}
