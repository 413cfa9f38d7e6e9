import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kindName } from '../../src/patch/read/kinds.ts';
import { ownText } from '../../src/patch/read/lines.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import { subjectTag } from '../../src/patch/read/subject.ts';
import type { PatchSet } from '../../src/patch/read/types.ts';
import { SERIES } from '../support/patch-fixture.ts';

const read = (content: string | Uint8Array): Promise<PatchSet> => readPatches([{ name: 'test', content }]);

/** The lines of a kind, without quote marks. */
const linesOf = (set: PatchSet, kind: string): string[] =>
  set.lines.text.flatMap((_, i) => (kindName(set.lines.kind[i] ?? 0) === kind ? [ownText(set.lines, i)] : []));

describe('an mbox', () => {
  test('messages, series, files and hunks', async () => {
    const set = await read(SERIES);
    expect(set.messages.map((m) => [m.form, m.reply, m.tag?.n])).toEqual([
      ['mbox', false, 0],
      ['mbox', false, 1],
      ['mbox', false, 2],
      ['mbox', true, 1],
    ]);
    expect(set.series).toEqual([
      {
        index: 0,
        version: 4,
        m: 2,
        title: 'mm: collect while walking',
        cover: 0,
        patches: [1, 2],
        missing: [],
        replies: [3],
      },
    ]);
    const counted = set.files.filter((f) => !f.quoted);
    expect(counted.map((f) => [f.path, f.added, f.removed])).toEqual([
      ['mm/hmm.c', 8, 1],
      ['lib/count.c', 1, 1],
    ]);
    expect(set.hunks.filter((h) => set.files[h.file]?.quoted === false)).toHaveLength(2);
    expect(set.problems).toEqual([]);
  });

  test('quoted-printable, charset and encoded words are taken off; the raw lines stay', async () => {
    const set = await read(SERIES);
    expect(set.messages[2]?.author).toBe('A. Wrïter');
    expect(linesOf(set, 'prose')).toContain('Counts naïvely.');
    expect(linesOf(set, 'add')).toContain(
      '+\treturn collected(walk, &range, HMM_PFN_MIGRATE) + collected(walk, &other, HMM_PFN_COMPOUND);',
    );
    expect(linesOf(set, 'encoded')).toContain('Counts na=EFvely.');
    expect(linesOf(set, 'prose')).toContain('>From here on the entry cannot change.');
  });

  test('a comment hangs on the quoted line and on the posting’s line', async () => {
    const set = await read(SERIES);
    expect(set.comments.map((c) => [c.author, c.text])).toEqual([
      ['R. Viewer', 'Is the lock held here already?'],
      ['R. Viewer', 'A device-private entry\ncomes here, too.'],
    ]);
    const [first, second] = set.comments;
    expect(set.lines.text[first?.target ?? -1]).toBe('+\tlock = pmd_lock(walk->mm, pmdp);');
    expect(set.lines.text[second?.target ?? -1]).toBe('+\t\tspin_unlock(lock);');
    expect(set.lines.message[first?.target ?? -1]).toBe(1);
  });

  test('line numbers before and after the patch', async () => {
    const set = await read(SERIES);
    const i = set.lines.text.indexOf('+\terr = split_folio(pmd_folio(*pmdp));');
    expect([set.lines.before[i], set.lines.after[i]]).toEqual([0, 111]);
    const kept = set.lines.text.indexOf(' \tint err;');
    expect([set.lines.before[kept], set.lines.after[kept]]).toEqual([102, 102]);
  });
});

describe('what mail programs and archives do to a patch', () => {
  const diff = SERIES.slice(SERIES.indexOf('diff --git a/mm/hmm.c'), SERIES.indexOf('-- \n2.50.0')).trimEnd();

  test('a raw diff is a message of its own', async () => {
    const set = await read(`${diff}\n`);
    expect(set.messages.map((m) => m.form)).toEqual(['bare']);
    expect(set.files.map((f) => [f.added, f.removed])).toEqual([[8, 1]]);
  });

  test('wrapped lines come back together', async () => {
    const long = '+\tlock = pmd_lock(walk->mm, pmdp); /* the entry must not change while it is';
    const wrapped = diff.replace('+\tlock = pmd_lock(walk->mm, pmdp);', `${long}\ncollected */`);
    const set = await read(wrapped);
    expect(set.files.map((f) => [f.added, f.removed])).toEqual([[8, 1]]);
    expect(linesOf(set, 'wrapped')).toEqual(['collected */']);
    expect(set.problems).toEqual([]);
  });

  test('a page that lost the first space of every line is read by the counts', async () => {
    const stripped = diff
      .split('\n')
      .map((l) => (l.startsWith(' ') ? l.trimStart() : l))
      .join('\n');
    const page = `[PATCH v4 1/2] mm/hmm: collect\n\nFrom: A. Writer\n\nDate: Mon Feb 02 2026 - 10:00:01 EST\n\n${stripped}\n--\n2.50.0\n`;
    const set = await read(page);
    expect(set.messages.map((m) => [m.form, m.author])).toEqual([['page', 'A. Writer']]);
    expect(set.files.map((f) => [f.added, f.removed])).toEqual([[8, 1]]);
    expect(linesOf(set, 'context')).toHaveLength(6);
    expect(linesOf(set, 'signature')).toEqual(['--', '2.50.0']);
  });

  test('a hunk that is cut short is used as far as it goes, and said', async () => {
    const cut = `${diff.split('\n').slice(0, 11).join('\n')}\nThe rest did not arrive.\n`;
    const set = await read(cut);
    expect(set.hunks[0]?.lines).toHaveLength(6);
    expect(set.problems.map((p) => [p.severity, p.what])).toEqual([
      ['damaged', 'the hunk is shorter than its header says: 9 lines are missing'],
    ]);
  });

  test('bytes of two encodings in one file, and UTF-8 that was encoded twice', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('From: K\nSubject: Ã©tude\n\né\n'), 0xe9, 0x0a]);
    const set = await read(bytes);
    expect(set.lines.text.slice(3)).toEqual(['é', 'é']);
    expect(set.messages[0]?.subject).toBe('étude');
    expect(set.problems[0]?.what).toMatch(/damaged on the way/);
  });

  test('a saved HTML page is read as its text; nothing of it is interpreted', async () => {
    const html = `<!DOCTYPE html><html><script>alert(1)</script><pre>${SERIES.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</pre></html>`;
    const set = await read(html);
    expect(set.messages).toHaveLength(4);
    expect(set.files.filter((f) => !f.quoted)).toHaveLength(2);
    expect(set.lines.text.some((l) => l.includes('alert'))).toBe(false);
  });

  test('a quotation stands for a posting that is not loaded', async () => {
    const set = await read(SERIES.slice(SERIES.indexOf('From mboxrd@z')));
    expect(set.files.map((f) => [f.path, f.quoted, f.depth])).toEqual([['mm/hmm.c', false, 1]]);
    expect(set.comments).toHaveLength(2);
  });
});

test('subjects', () => {
  expect(subjectTag('Re: [RFC PATCH v12 03/18] mm: x')).toEqual({
    words: 'RFC PATCH',
    version: 12,
    n: 3,
    m: 18,
    title: 'mm: x',
  });
  expect(subjectTag('[linux-mm] [PATCH] mm: y')).toEqual({ words: 'PATCH', version: 1, n: 1, m: 1, title: 'mm: y' });
  expect(subjectTag('[GIT PULL] z')).toBeNull();
});

const SEEDS = '../shared/seeds/';
const EXPECTED: readonly (readonly [string, number, number, number, number])[] = [
  ['000_715fbea3bb6a1cc0.txt', 1, 3, 9, 0],
  ['001_6c7ab3eb46048263.txt', 1, 7, 11, 11],
  ['002_4394df55c49c8ee8.txt', 5, 4, 31, 30],
  ['003_f1baf2bf5bf3528f.txt', 1, 2, 6, 0],
  ['004_707c1c5b7458bf42.txt', 1, 0, 0, 1],
];

describe.runIf(existsSync(SEEDS))('real postings, where they are at hand', () => {
  test.each(EXPECTED)('%s', async (name, messages, files, hunks, comments) => {
    const set = await read(readFileSync(SEEDS + name));
    const posted = set.files.filter((f) => !f.quoted);
    expect(set.messages).toHaveLength(messages);
    expect(posted).toHaveLength(files);
    expect(set.hunks.filter((h) => set.files[h.file]?.quoted === false)).toHaveLength(hunks);
    expect(set.comments.filter((c) => c.same < 0)).toHaveLength(comments);
    expect(set.problems.filter((p) => p.severity === 'broken')).toEqual([]);
    // A diffstat that does not fit the diff is a problem; none says so.
    expect(set.problems.filter((p) => p.what.includes('diffstat'))).toEqual([]);
  });
});
