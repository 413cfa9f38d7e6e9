import { expect, test } from 'vitest';
import { firstLoadBytes, measure } from '../../scripts/size.ts';

const html = `
  <!-- <script src="./assets/commented.js"></script> -->
  <link rel="icon" href="data:," />
  <script type="module" crossorigin src="./assets/entry.js"></script>
  <link rel="stylesheet" crossorigin href="./assets/entry.css">`;

const build: Record<string, string> = {
  'index.html': html,
  'assets/entry.js': `import{a}from"./shared.js";import("./lazy.js");new Worker(new URL("worker.js",import.meta.url))`,
  'assets/shared.js': `export{b as a}from"./deep.js"`,
  'assets/deep.js': `import"./entry.js";export const b=1`,
  'assets/lazy.js': `export const c=1`,
  'assets/worker.js': `postMessage(1)`,
  'assets/entry.css': `a{color:red}`,
  'assets/lazy.css': `b{color:red}`,
  'assets/entry.js.map': `{}`,
};

const files = measure(Object.keys(build), (path) => build[path] ?? '');

test('the first load is what the page names and what that imports statically, cycles or not', () => {
  const first = files.filter((file) => file.first).map((file) => file.path);
  expect(first.toSorted()).toEqual(['assets/deep.js', 'assets/entry.css', 'assets/entry.js', 'assets/shared.js']);
});

test('lazy chunks, their styles and workers are listed but not counted', () => {
  const later = files.filter((file) => !file.first);
  expect(later.map((file) => file.path).toSorted()).toEqual(['assets/lazy.css', 'assets/lazy.js', 'assets/worker.js']);
  const all = files.reduce((sum, file) => sum + file.gzip, 0);
  expect(firstLoadBytes(files)).toBe(all - later.reduce((sum, file) => sum + file.gzip, 0));
});

test('a page that names a file that was not built is an error', () => {
  expect(() => measure(['index.html'], () => `<script src="./gone.js"></script>`)).toThrow('gone.js');
});
