import { expect, test } from 'vitest';
import { explainWord } from '../../src/machine/words/explain.ts';
import { WORD_FORMS } from '../../src/ui/word/word-forms.ts';

test('every layout on offer takes every kind of word apart, all 64 bits of it', () => {
  for (const word of [0n, 1n, 0x8000000012345067n, 0xffffffffffffffffn, 0x5a5a5a5a5a5a5a5an])
    for (const [form] of WORD_FORMS.flatMap(([, forms]) => forms))
      expect(
        explainWord(word, form).fields.reduce((n, f) => n + f.width, 0),
        `${form} of ${word}`,
      ).toBe(64);
});
