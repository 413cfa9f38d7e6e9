import { describe, expect, test } from 'vitest';
import { type RangeDiff, pairText, rangeDiff } from '../../src/patch/range-diff.ts';
import { rangeDiffText } from '../../src/patch/range-text.ts';
import { loadedVersions, newestPair } from '../../src/patch/range-versions.ts';
import { readPatches } from '../../src/patch/read/read.ts';

interface Part {
  readonly title: string;
  readonly path?: string;
  readonly hunks: readonly (readonly string[])[];
}

const hunk = (from: number, fn: string, lines: readonly string[]): string[] => {
  const count = (sign: RegExp): number => lines.filter((l) => sign.test(l)).length;
  return [`@@ -${from},${count(/^[ -]/)} +${from},${count(/^[ +]/)} @@ static int ${fn}(void)`, ...lines];
};

/** A series as an mbox; what it says is invented. */
function mbox(version: number, parts: readonly Part[]): string {
  return parts
    .map(({ title, path = 'lib/count.c', hunks }, i) => [
      `From ${String(version).repeat(40)} Mon Sep 17 00:00:00 2001`,
      'From: A. Writer <writer@example.org>',
      `Subject: [PATCH${version === 1 ? '' : ` v${version}`} ${i + 1}/${parts.length}] ${title}`,
      `Message-ID: <v${version}-${i}@example.org>`,
      '',
      'Words that nobody compares.',
      '---',
      `diff --git a/${path} b/${path}`,
      `index ${String(version).repeat(7)}..2222222 100644`,
      `--- a/${path}`,
      `+++ b/${path}`,
      ...hunks.flat(),
      '-- ',
      '2.50.0',
      '',
    ])
    .flat()
    .join('\n');
}

const LOCK: Part = {
  title: 'lib: take the lock',
  hunks: [hunk(10, 'f', [' {', '+\tspin_lock(&lock);', '+\terr = count(a);', '-\terr = 0;', ' \treturn err;', ' }'])],
};
const TREE: Part = {
  title: 'lib: a tree of counts',
  path: 'lib/tree.c',
  hunks: [hunk(30, 'g', [' {', '-\treturn 0;', '+\treturn tree(root);', ' }'])],
};
const DOC: Part = {
  title: 'Documentation: counts',
  path: 'Documentation/count.rst',
  hunks: [hunk(1, 'h', [' Counts', '+They are counted.', ' '])],
};

async function compare(...inputs: string[]): Promise<RangeDiff | null> {
  const set = await readPatches(inputs.map((content, i) => ({ name: `input ${i}`, content })));
  const versions = loadedVersions(set);
  const [from, to] = newestPair(versions)?.map((i) => versions[i]) ?? [];
  return from === undefined || to === undefined ? null : rangeDiff(from, to);
}

const heads = (diff: RangeDiff | null): string[] => (diff?.pairs ?? []).map(pairText);
const marked = (diff: RangeDiff | null, pair: number): string[] =>
  (diff?.pairs[pair]?.hunks ?? []).flatMap((h) => h.lines.filter((l) => l.mark !== ' ').map((l) => l.mark + l.text));

describe('the status of each patch', () => {
  test('shifted line numbers and other blob names are no change; a renamed variable is', async () => {
    const renamed = { ...LOCK, hunks: [LOCK.hunks[0]?.map((l) => l.replace('(a)', '(total)')) ?? []] };
    const shifted = { ...TREE, hunks: [hunk(77, 'g', TREE.hunks[0]?.slice(1) ?? [])] };
    const diff = await compare(mbox(1, [LOCK, TREE]), mbox(2, [renamed, shifted]));
    expect([diff?.from, diff?.to]).toEqual(['v1', 'v2']);
    expect(heads(diff)).toEqual(['1 ! 1  lib: take the lock', '2 = 2  lib: a tree of counts']);
    expect(marked(diff, 0)).toEqual(['-+\terr = count(a);', '++\terr = count(total);']);
    expect(diff?.pairs[0]?.hunks[0]?.where).toBe('lib/count.c');
  });

  test('an added hunk, with its function', async () => {
    const more = { ...LOCK, hunks: [...LOCK.hunks, hunk(90, 'late', [' {', '+\tspin_unlock(&lock);', ' }'])] };
    const diff = await compare(mbox(1, [LOCK]), mbox(2, [more]));
    expect(heads(diff)).toEqual(['1 ! 1  lib: take the lock']);
    expect(marked(diff, 0)).toEqual(['+ @@ static int late(void)', '+ {', '++\tspin_unlock(&lock);', '+ }']);
    expect(diff?.pairs[0]?.hunks[0]?.where).toBe('lib/count.c: static int f(void)');
  });

  test('a dropped patch stands where it was, a new one where it is; the order of the rest may change', async () => {
    const diff = await compare(mbox(1, [DOC, LOCK]), mbox(2, [LOCK, TREE]));
    expect(heads(diff)).toEqual([
      '1 < -  Documentation: counts',
      '2 = 1  lib: take the lock',
      '- > 2  lib: a tree of counts',
    ]);
    expect(heads(await compare(mbox(1, [LOCK, TREE, DOC]), mbox(2, [DOC, LOCK, TREE])))).toEqual([
      '3 = 1  Documentation: counts',
      '1 = 2  lib: take the lock',
      '2 = 3  lib: a tree of counts',
    ]);
  });

  test('another subject: paired by file and lines, not when the lines are others', async () => {
    const [first = []] = LOCK.hunks;
    const retitled = { title: 'lib: lock', hunks: [first.map((l) => l.replace('err = 0', 'err = 1'))] };
    expect(heads(await compare(mbox(1, [TREE, LOCK]), mbox(2, [TREE, retitled])))).toEqual([
      '1 = 1  lib: a tree of counts',
      '2 ! 2  lib: lock (was: lib: take the lock)',
    ]);
    const other = { title: 'lib: lock', hunks: [hunk(10, 'f', [' {', '+\tnothing();', ' }'])] };
    expect(heads(await compare(mbox(1, [TREE, LOCK]), mbox(2, [TREE, other])))).toEqual([
      '1 = 1  lib: a tree of counts',
      '2 < -  lib: take the lock',
      '- > 2  lib: lock',
    ]);
  });
});

describe('what two versions are', () => {
  test('one series, or two that have nothing in common, are none', async () => {
    expect(await compare(mbox(1, [LOCK, TREE]))).toBeNull();
    expect(await compare(mbox(1, [LOCK]), mbox(2, [DOC]))).toBeNull();
    const elsewhere = { title: 'lib: other', hunks: [hunk(1, 'z', [' {', '+\tother();', ' }'])] };
    expect(await compare(mbox(1, [LOCK]), mbox(2, [elsewhere]))).toBeNull();
    expect(await compare('', 'no patch')).toBeNull();
  });

  test('of several series, the newest two versions that belong together', async () => {
    const diff = await compare(mbox(1, [LOCK]), mbox(2, [TREE]), mbox(3, [LOCK]), mbox(4, [DOC]));
    expect([diff?.from, diff?.to]).toEqual(['v1', 'v3']);
    expect(heads(diff)).toEqual(['1 = 1  lib: take the lock']);
  });

  test('two diffs without a mail, of the same file', async () => {
    const bare = (line: string): string =>
      `diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n a\n+same\n+${line}\n b\n`;
    const diff = await compare(bare('one'), bare('two'));
    expect(diff?.pairs.map((p) => p.status)).toEqual(['!']);
    expect(marked(diff, 0)).toEqual(['-+one', '++two']);
  });

  test('the same number twice in one file: the second posting is the newer version', async () => {
    const again = mbox(1, [{ ...LOCK, hunks: [hunk(10, 'f', [' {', '+\tother();', ' }'])] }]).replace(
      '<v1-0@',
      '<again@',
    );
    const diff = await compare(`${mbox(1, [LOCK])}\n${again}`);
    expect(diff?.pairs.map((p) => p.status)).toEqual(['!']);
    // A mail that is loaded twice is one mail.
    expect(await compare(mbox(1, [LOCK]), mbox(1, [LOCK]))).toBeNull();
  });
});

test('more differences than the search for the shortest edit takes: all is there, in order', async () => {
  const many = (word: string): Part => ({
    ...LOCK,
    hunks: [hunk(1, 'f', [' {', ...Array.from({ length: 900 }, (_, i) => `+\t${word}(${i});`), ' }'])],
  });
  const lines = marked(await compare(mbox(1, [many('old')]), mbox(2, [many('fresh')])), 0);
  expect(lines).toHaveLength(1800);
  expect([lines[0], lines[899], lines[900], lines[1799]]).toEqual([
    '-+\told(0);',
    '-+\told(899);',
    '++\tfresh(0);',
    '++\tfresh(899);',
  ]);
});

test('as text: at most 75 columns, ASCII, no tab, nothing lost', async () => {
  const wide = `\t\t\tcollected(${'argument, '.repeat(12)}"naïve");`;
  const part = { ...LOCK, hunks: [hunk(10, 'f', [' {', `+${wide}`, ' }'])] };
  const diff = await compare(mbox(1, [LOCK]), mbox(2, [part]));
  if (diff === null) throw new Error('expected two versions');
  for (const columns of [20, 40, 75, 200]) {
    const text = rangeDiffText(diff, columns);
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(columns);
    expect(text.replace(/\\\n {2,7}/g, '').replace(/\s/g, '')).toContain(
      `++collected(${'argument,'.repeat(12)}"na?ve");`,
    );
  }
  expect(rangeDiffText(diff)).toContain('\n1 ! 1  lib: take the lock\n');
});
