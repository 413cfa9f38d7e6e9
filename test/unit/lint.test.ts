import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What the linter's configuration forbids, shown on files that would break it. One run over a small tree of its own.
const trespasses: readonly (readonly [path: string, source: string, rule: string])[] = [
  ['src/machine/date-now.ts', `export const t = () => Date.now();`, 'no-restricted-properties'],
  ['src/machine/new-date.ts', `export const t = () => new Date();`, 'no-restricted-globals'],
  ['src/kernel/common/random.ts', `export const r = () => Math.random();`, 'no-restricted-properties'],
  ['src/scenario/storage.ts', `export const s = () => localStorage.length;`, 'no-restricted-globals'],
  ['src/recording/timer.ts', `setTimeout(() => {}, 1);`, 'no-restricted-globals'],
  ['src/check/console.ts', `console.log('x');`, 'no-console'],
  ['src/tour/window.ts', `export const w = () => window.innerWidth;`, 'no-restricted-globals'],
  ['src/scene/frame.ts', `requestAnimationFrame(() => {});`, 'no-restricted-globals'],
  ['src/scene/document.ts', `export const d = () => document.body;`, 'no-restricted-globals'],
  ['src/scene/name.ts', `export const n = () => name;`, 'no-restricted-globals'],
  ['src/worker/document.ts', `export const d = () => document.body;`, 'no-restricted-globals'],
  ['src/ui/frame.tsx', `requestAnimationFrame(() => {});`, 'no-restricted-globals'],
  ['src/ui/any.ts', `export const a = (x: any) => x;`, 'no-explicit-any'],
  ['src/ui/default.ts', `const x = 1;\nexport default x;`, 'no-default-export'],
  ['src/ui/ignore.ts', `// @ts-expect-error\nexport const x: string = 1;`, 'ban-ts-comment'],
];

const allowed: readonly (readonly [path: string, source: string])[] = [
  ['src/kernel/mm/__split_huge_pmd.ts', `export function* __split_huge_pmd(a: Int32Array) { return a[0]!; }`],
  ['src/machine/cast.ts', `export const first = (a: Int32Array) => a[0] as number;`],
  ['src/scene/painter.ts', `export const paint = (c: CanvasRenderingContext2D) => c.fillRect(0, 0, 1, 1);`],
  ['src/session/frame.ts', `requestAnimationFrame(() => {});`],
  ['src/ui/page.ts', `export const d = () => document.body;`],
  ['src/worker/port.ts', `self.postMessage(1);`],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

let tree = '';
let diagnostics: readonly Diagnostic[] = [];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'walkscope-lint-'));
  for (const config of ['.oxlintrc.json', 'tsconfig.json']) cpSync(config, join(tree, config));
  for (const [path, source] of [...trespasses, ...allowed]) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    writeFileSync(join(tree, path), `${source}\n`);
  }
  diagnostics = lint(tree);
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(trespasses)('%s is refused: %s', (path, _source, rule) => {
  const codes = diagnostics.filter((each) => each.filename === path).map((each) => each.code);
  expect(codes).toEqual(expect.arrayContaining([expect.stringContaining(`(${rule})`)]));
});

test.each(allowed)('%s is allowed: %s', (path) => {
  expect(diagnostics.filter((each) => each.filename === path)).toEqual([]);
});

/** The linter's diagnostics for a tree; it exits with 1 when there are any, which is no failure here. */
function lint(cwd: string): readonly Diagnostic[] {
  const bin = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint');
  let output: string;
  try {
    output = execFileSync(process.execPath, [bin, '-f', 'json'], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  return (JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics;
}
