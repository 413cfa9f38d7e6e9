import { describe, expect, test } from 'vitest';
import { functionOfSite } from '../../src/machine/sites.ts';
import { runScenario } from '../../src/recording/run.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { placeOfStep } from '../../src/ui/code/source-index.ts';
import { tokenize } from '../../src/ui/code/tokens.ts';

const SMALL = LIBRARY.filter((s) => s.request.end - s.request.start <= 64);

describe('the line of a step', () => {
  test('every step of every small scenario has one, and it stands in the function’s own text', () => {
    const without = new Set<string>();
    for (const scenario of SMALL) {
      const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2' });
      for (let i = 0; i < Math.min(rec.length, 3000); i++) {
        const place = placeOfStep(rec, i);
        const site = rec.machine.log.site[i] as number;
        if (place === null && site >> 5 !== 0) without.add(functionOfSite(site).name);
      }
    }
    expect([...without]).toEqual([]);
  });
});

describe('colouring', () => {
  const kinds = (line: string): string[] => tokenize([line])[0]?.map((t) => `${t.kind}:${t.text}`) ?? [];

  test('words, calls, strings and comments', () => {
    expect(kinds("const a = f('x', 0x1f); // why")).toEqual([
      'keyword:const',
      'plain: ',
      'plain:a',
      'plain: = ',
      'call:f',
      'plain:(',
      "string:'x'",
      'plain:, ',
      'number:0x1f',
      'plain:); ',
      'comment:// why',
    ]);
  });

  test('nothing is lost, also in comments over several lines', () => {
    const lines = ['/** begins', ' * goes on', ' ends */ const x = 1;', 'return `a${b}`;'];
    expect(tokenize(lines).map((line) => line.map((t) => t.text).join(''))).toEqual(lines);
  });
});
