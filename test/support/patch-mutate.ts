/** A changed posting: its lines, and for each the number of the line it was (−1 = new). */
export interface Mutated {
  readonly lines: readonly string[];
  readonly was: readonly number[];
}

/** Other names for locals and arguments; fields and functions keep theirs. */
export function renamed(posting: readonly string[], names: ReadonlyMap<string, string>): Mutated {
  const lines = posting.map((line) =>
    /^[ +-]/.test(line) && !/^(\+\+\+|---)/.test(line)
      ? line.replace(/(?<![\w.>"])(?<!->\s*)[A-Za-z_]\w*\b(?!\s*\()/g, (word) => names.get(word) ?? word)
      : line,
  );
  return { lines, was: posting.map((_, i) => i) };
}

/** Tabs become four spaces each, and every block is indented once more. */
export function reindented(posting: readonly string[]): Mutated {
  const lines = posting.map((line) =>
    /^[ +-]\t/.test(line) ? line.replace(/\t/g, '    ').replace(/^([ +-])/, '$1    ') : line,
  );
  return { lines, was: posting.map((_, i) => i) };
}

/** Functions of a hunk that are new as a whole change places: the first with the last, and so on inwards. */
export function moved(posting: readonly string[]): Mutated {
  const hunks: { from: number; to: number }[][] = [];
  for (let i = 0; i < posting.length; i++) {
    if (posting[i]?.startsWith('@@ ')) hunks.push([]);
    if (!/^\+(static|int|void) .*\(/.test(posting[i] ?? '')) continue;
    let end = i;
    while (end < posting.length && posting[end]?.startsWith('+') && posting[end] !== '+}') end++;
    if (posting[end] === '+}') hunks.at(-1)?.push({ from: i, to: end + 1 });
    i = end;
  }
  const blocks = hunks.flat();
  const order = posting.map((_, i) => i);
  const out: number[] = [];
  const places = new Map(hunks.flatMap((hunk) => hunk.map((b, i) => [b.from, hunk[hunk.length - 1 - i]] as const)));
  for (let i = 0; i < order.length; ) {
    const other = places.get(i);
    const own = blocks.find((b) => b.from === i);
    if (other && own) {
      for (let k = other.from; k < other.to; k++) out.push(k);
      i = own.to;
    } else {
      out.push(i);
      i++;
    }
  }
  return { lines: out.map((i) => posting[i] ?? ''), was: out };
}
