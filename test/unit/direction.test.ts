import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MAY_IMPORT, PACKAGE_IS_FOR, wrongImports } from '../../scripts/direction.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .filter((path) => /\.tsx?$/.test(path))
  .toSorted();

const objections = (file: string, source: string): string[] => wrongImports(file, source).map((wrong) => wrong.reason);

describe('the direction rule', () => {
  test('holds for every import in src', () => {
    const wrong = sources.flatMap((file) => wrongImports(file, readFileSync(file, 'utf8')));
    expect(wrong.map((each) => `${each.file}:${each.line} ${each.specifier}: ${each.reason}`)).toEqual([]);
  });

  test('the table has no way back: whoever is imported does not import the importer', () => {
    for (const [folder, row] of Object.entries(MAY_IMPORT)) {
      for (const other of row) expect(MAY_IMPORT[other], `${other} and ${folder}`).not.toContain(folder);
    }
  });

  test('what a folder may import includes what those may import', () => {
    for (const row of Object.values(MAY_IMPORT)) {
      for (const other of row) expect(row).toEqual(expect.arrayContaining([...MAY_IMPORT[other]]));
    }
  });

  test('packages are assigned to folders that exist in the table', () => {
    for (const folder of Object.values(PACKAGE_IS_FOR).flat()) expect(MAY_IMPORT).toHaveProperty(folder);
  });

  test.each([
    ['src/machine/a.ts', `import { x } from '../kernel/x.ts';`, 'machine may not import kernel'],
    ['src/kernel/common/a.ts', `import type { X } from '../../recording/x.ts';`, 'kernel may not import recording'],
    ['src/kernel/a.ts', `export { x } from '../ui/x.tsx';`, 'kernel may not import ui'],
    ['src/scenario/a.ts', `const x = await import('../scene/x.ts');`, 'scenario may not import scene'],
    ['src/check/a.ts', `let x: import('../patch/x.ts').X;`, 'check may not import patch'],
    ['src/session/a.ts', `import { x } from '../worker/x.ts';`, 'session may not import worker'],
    ['src/cli/a.ts', `import { x } from '../scene/x.ts';`, 'cli may not import scene'],
    ['src/ui/a.tsx', `import { x } from '../main.tsx';`, 'ui may not import main'],
    ['src/session/a.ts', `import.meta.glob(['../ui/*.tsx', '!../ui/b.tsx']);`, 'session may not import ui'],
    ['src/ui/a.ts', `import text from '/src/cli/main.ts?raw';`, 'ui may not import cli'],
    ['src/kernel/a.ts', `import { x } from 'react';`, 'react is for ui, main, not for kernel'],
    ['src/scene/a.ts', `import { x } from 'zustand/vanilla';`, 'zustand is for session, ui, not for scene'],
    ['src/session/a.ts', `import { x } from 'react-dom/client';`, 'react-dom is for ui, main, not for session'],
    ['src/recording/a.ts', `import { readFile } from 'node:fs';`, 'node: is for cli, not for recording'],
    ['src/ui/a.ts', `import { x } from 'left-pad';`, 'the package left-pad has no row in PACKAGE_IS_FOR'],
    ['src/ui/a.ts', `import { x } from '../../test/x.ts';`, 'test/x.ts is outside the folders of src'],
    ['src/scene/a.ts', `import text from './b.ts?raw';`, 'only the bundler understands this import'],
    ['src/ui/a.ts', `const x = await import(name);`, 'a computed import cannot be checked'],
    ['src/ui/a.ts', `export * from './b.ts';`, 'export * hides what a module offers'],
    ['src/elsewhere/a.ts', ``, 'this place has no row in MAY_IMPORT'],
  ])('would catch in %s: %s', (file, source, reason) => {
    expect(objections(file, source)).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ['src/main.tsx', `import { App } from './ui/app.tsx'; import { createRoot } from 'react-dom/client';`],
    ['src/kernel/unified/a.ts', `import { x } from '../common/x.ts'; import { y } from '../../machine/y.ts';`],
    ['src/tour/a.ts', `import * as v from 'valibot'; export * as x from '../kernel/x.ts';`],
    ['src/session/a.ts', `new Worker(new URL('../worker/x.ts', import.meta.url), { type: 'module' });`],
    ['src/ui/a.tsx', `import './a.css'; import text from '../kernel/mm/hmm.ts?raw';`],
    ['src/cli/main.ts', `import { readFile } from 'node:fs/promises';`],
  ])('allows in %s: %s', (file, source) => {
    expect(objections(file, source)).toEqual([]);
  });

  test('names the line of a wrong import', () => {
    expect(wrongImports('src/machine/a.ts', `\n\nimport { x } from '../ui/x.ts';`)).toMatchObject([{ line: 3 }]);
  });
});

describe('the folder READMEs', () => {
  const folders = Object.keys(MAY_IMPORT).filter((folder) => folder !== 'main');

  test.each(folders)('src/%s has one of five lines, which names its importers as the table does', (folder) => {
    const importers = Object.entries(MAY_IMPORT)
      .filter(([, row]) => (row as readonly string[]).includes(folder))
      .map(([importer]) => `\`${importer}\``);
    const lines = readFileSync(`src/${folder}/README.md`, 'utf8').trimEnd().split('\n').slice(2);
    expect(lines.map((line) => /^- \*\*(.*?):\*\*/.exec(line)?.[1])).toEqual([
      'Belongs here',
      'Does not',
      'Start at',
      'Laws',
      'Imported by',
    ]);
    expect(lines[4]).toContain(importers.length > 0 ? `${importers.join(', ')}.` : 'nobody');
  });
});
