/**
 * Names of page frames. A measured file numbers them in the order of their appearance (S3, T0+17, D2,
 * C1, Z, HZ+4), the model writes `@` and its own frame number. Both stand at the end of a word or
 * before the flags: `present:S3 WYD`, `VALID|WRITE:T0+17`.
 */

/** A text cut at the one name in it; `id` is empty when there is none. */
export interface Named {
  readonly before: string;
  readonly id: string;
  readonly after: string;
}

const NAME =
  /(?:^|[:,])((?:DT\d+\+\d+|T\d+\+\d+|HZ\+\d+|[SDC]\d+|Z|swap#\d+|(?:pmdlock|ptelock|ptl)#\d+)|@\d+|swap@\d+|lock@\d+)(?= |$)/;

/** Texts seen lately: logs repeat themselves. */
const seen = new Map<string, Named>();
const MOST_SEEN = 50_000;

/** Cuts a text at the page, swap slot or lock that it names. */
export function splitName(text: string): Named {
  const known = seen.get(text);
  if (known) return known;
  const cut = cutAtName(text);
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(text, cut);
  return cut;
}

function cutAtName(text: string): Named {
  const m = NAME.exec(text);
  if (!m) return { before: text, id: '', after: '' };
  const id = m[1] as string;
  const at = m.index + m[0].length - id.length;
  return { before: text.slice(0, at), id, after: text.slice(at + id.length) };
}

/** Kind of thing that a measured name stands for. */
export type IdClass = 'system' | 'private' | 'coherent' | 'zero' | 'huge-zero' | 'swap' | 'lock';

export function classOfMeasured(id: string): IdClass {
  if (id.startsWith('swap#')) return 'swap';
  if (id.includes('lock#') || id.startsWith('ptl#')) return 'lock';
  if (id.startsWith('HZ')) return 'huge-zero';
  if (id === 'Z') return 'zero';
  if (id.startsWith('D')) return 'private';
  if (id.startsWith('C')) return 'coherent';
  return 'system';
}

/** `T0+17` → ['T0', 17]: a page of a large folio whose frames are consecutive. */
export function pageOfLarge(id: string): { readonly head: string; readonly offset: number } | undefined {
  const m = /^(D?T\d+|HZ)\+(\d+)$/.exec(id);
  return m ? { head: m[1] as string, offset: Number(m[2]) } : undefined;
}
