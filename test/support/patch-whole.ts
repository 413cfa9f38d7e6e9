import { expect } from 'vitest';
import { isDiffKind, kindName } from '../../src/patch/read/kinds.ts';
import type { PatchSet } from '../../src/patch/read/types.ts';

/** Nothing of the input is lost, and every index of a set leads to something. */
export function holdsTogether(text: string, set: PatchSet): void {
  const { lines } = set;
  const raw = lines.text.filter((_, i) => lines.decoded[i] === 0);
  expect(raw.join('\n')).toBe(text.replaceAll('\r\n', '\n').replace(/\n$/, ''));
  let before = -1;
  lines.text.forEach((_, i) => {
    const m = lines.message[i] ?? -1;
    // Messages are stretches in order; what belongs to none stands in front.
    if (m < before && m !== -1) throw new Error(`line ${i} goes back to message ${m}`);
    before = Math.max(before, m);
    const of = set.messages[m];
    if (m >= 0 && (of === undefined || i < of.from || i >= of.to)) throw new Error(`line ${i} is not in message ${m}`);
    if (m < 0 && kindName(lines.kind[i] ?? 0) !== 'around') throw new Error(`line ${i} has no message`);
    const hunk = lines.hunk[i] ?? -1;
    if (hunk >= 0 && isDiffKind(lines.kind[i] ?? 0) && !set.hunks[hunk]?.lines.includes(i))
      throw new Error(`line ${i} is not in hunk ${hunk}`);
    if ((lines.target[i] ?? -1) >= lines.text.length) throw new Error(`line ${i}: target`);
  });
  for (const h of set.hunks) expect(set.files[h.file]).toBeDefined();
  for (const c of set.comments) expect(c.from < c.to && c.on < c.from && c.answers < c.index).toBe(true);
  for (const p of set.problems) expect(p.what).not.toBe('');
}
