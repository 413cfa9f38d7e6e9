import { type Token, type Tokens, lexer } from 'marked';
import { describe, expect, test } from 'vitest';
import { GLOSSARY, termOf, termsIn } from '../../src/tour/glossary.ts';
import { TOURS } from '../../src/tour/library/index.ts';
import type { Tour } from '../../src/tour/types.ts';

const tours = await Promise.all(TOURS.map((t) => t.load()));

/** Every Markdown text of a tour. */
function textsOf(tour: Tour): string[] {
  return [
    tour.about,
    tour.goal,
    ...(tour.discuss ?? []).flatMap((d) => [d.ask, d.answer]),
    ...tour.stops.flatMap((s) => {
      const q = s.question;
      return [s.title, s.note, s.reviewer ?? '', ...(q && 'ask' in q ? [q.ask, q.because, ...q.choices] : [])];
    }),
  ];
}

function collect(tokens: readonly Token[], out: { code: string[]; prose: string[] }): void {
  for (const t of tokens) {
    if (t.type === 'codespan') out.code.push((t as Tokens.Codespan).text);
    else if (t.type === 'list') (t as Tokens.List).items.forEach((i) => collect(i.tokens, out));
    else if (t.type === 'table') {
      const { header, rows } = t as Tokens.Table;
      for (const cell of [...header, ...rows.flat()]) collect(cell.tokens, out);
    } else if ((t as Tokens.Generic).tokens !== undefined) collect((t as Tokens.Generic).tokens ?? [], out);
    else if (t.type === 'text') out.prose.push((t as Tokens.Text).text);
  }
}

const used = { code: [] as string[], prose: [] as string[] };
for (const tour of tours) for (const text of textsOf(tour)) collect(lexer(text), used);

/** Capitals that are no terms of the kernel: ledger ids, units, names of this app’s notation. */
const NOT_TERMS =
  /^(?:CPU|CPUs|GPU|GPUs|RFC|KiB|MiB|GiB|HMM|OK|NULL|CONFIG|[A-Z]{1,4}-\d+[a-z]?|v\d.*|[A-Z]\d*|R|S|K|x86|YD|WYD|YS|WY)$/;

describe('the glossary', () => {
  test('has every function, flag and error that the tours write as code', () => {
    const missing = used.code.filter((c) => {
      if (/^-?[A-Z][A-Z0-9_]{2,}$/.test(c)) return termOf(c) === undefined && !NOT_TERMS.test(c);
      const fn = /^(\w+)\(\)$/.exec(c)?.[1];
      return fn !== undefined && termOf(fn) === undefined;
    });
    expect([...new Set(missing)]).toEqual([]);
  });

  test('has every abbreviation that the tours use in sentences', () => {
    const words = used.prose.flatMap((p) => p.match(/-?\b[A-Z][A-Z0-9_]{2,}\b/g) ?? []);
    const missing = words.filter(
      (w) => termOf(w) === undefined && termOf(w.replace(/^-/, '')) === undefined && !NOT_TERMS.test(w),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  test('names each term once, with a meaning and a source', () => {
    const written = GLOSSARY.flatMap((t) => [t.term, ...(t.also ?? [])]);
    expect(written.filter((w, i) => written.indexOf(w) !== i)).toEqual([]);
    for (const t of GLOSSARY) {
      expect(t.means.length, t.term).toBeGreaterThan(15);
      expect(t.source, t.term).not.toBe('');
    }
  });

  test('marks a term at its first use only, and gives the text back unchanged', () => {
    const text = 'A migration entry stands there; the migration entry waits for the folio lock of its folio.';
    const seen = new Set<(typeof GLOSSARY)[number]>();
    const pieces = termsIn(text, seen);
    expect(pieces.map((p) => (typeof p === 'string' ? p : p.text)).join('')).toBe(text);
    expect(pieces.filter((p) => typeof p !== 'string').map((p) => (typeof p === 'string' ? '' : p.term.term))).toEqual([
      'migration entry',
      'folio lock',
      'folio',
    ]);
    expect(termsIn('hmm_range_fault()', seen, true)).toEqual([
      { term: termOf('hmm_range_fault'), text: 'hmm_range_fault()' },
    ]);
  });
});
