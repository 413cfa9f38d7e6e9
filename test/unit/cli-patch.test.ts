import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/patch.ts';
import { UsageError } from '../../src/cli/arguments.ts';
import { SERIES } from '../support/patch-fixture.ts';

const dir = mkdtempSync(join(tmpdir(), 'walkscope-patch-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function output(...args: string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    return { code: await main(args), text };
  } finally {
    write.mockRestore();
  }
}

test('counts as JSON, for several files', async () => {
  const one = join(dir, 'one.mbox');
  const two = join(dir, 'two.diff');
  writeFileSync(one, SERIES);
  writeFileSync(two, 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n');
  const { code, text } = await output(one, two, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    messages: 5,
    files: 3,
    hunks: 3,
    comments: 2,
    sites: { bound: 5, ambiguous: 0 },
    problems: [],
  });
});

test('a part that cannot be used gives 1 and is named by file and line', async () => {
  const broken = join(dir, 'broken.patch');
  writeFileSync(broken, 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\ndiff --git a/y.c b/y.c\n');
  const { code, text } = await output(broken);
  expect(code).toBe(1);
  expect(text).toContain(
    `broken: ${broken}:4: message 1: the hunk is shorter than its header says: 3 lines are missing`,
  );
});

test('without a file it cannot run', async () => {
  await expect(main([])).rejects.toThrow(UsageError);
});

test('a range-diff of two files; of one it cannot be made', async () => {
  const old = join(dir, 'v1.diff');
  const fresh = join(dir, 'v2.diff');
  const text = (word: string): string => `diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1,2 @@\n a\n+${word}\n`;
  writeFileSync(old, text('b'));
  writeFileSync(fresh, text('c'));
  const said = await output(old, fresh, '--range-diff');
  expect(said.code).toBe(0);
  expect(said.text).toContain('\n1 ! 1  x.c\n');
  expect(said.text).toContain('\n    -+b\n    ++c\n');
  await expect(main([old, '--range-diff'])).rejects.toThrow(UsageError);
});
