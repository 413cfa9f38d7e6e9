import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND } from '../../src/patch/read/kinds.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import { largeDiff, SERIES } from '../support/patch-fixture.ts';
import { fuzzedPosting } from '../support/patch-fuzz.ts';
import { holdsTogether } from '../support/patch-whole.ts';

describe('whatever is loaded', () => {
  test('every line belongs to exactly one part, and every reference leads somewhere', async () => {
    await fc.assert(
      fc.asyncProperty(fuzzedPosting([SERIES]), async (text) => {
        holdsTogether(text, await readPatches([{ name: 'fuzzed', content: text }]));
      }),
      { numRuns: 150 },
    );
  });

  test('bytes of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const set = await readPatches([{ name: 'bytes', content: bytes }]);
        expect(set.lines.text.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test('several files are read one after the other', async () => {
    const set = await readPatches([
      { name: 'a', content: SERIES },
      { name: 'b', content: largeDiff(3000) },
    ]);
    expect(set.messages.map((m) => m.form)).toEqual(['mbox', 'mbox', 'mbox', 'mbox', 'bare']);
    expect(set.lines.kind.filter((k, i) => k === KIND.prose && set.lines.source[i] === 1)).toHaveLength(0);
    expect(set.lines.source.at(-1)).toBe(1);
  });
});
