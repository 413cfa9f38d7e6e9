import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { licencesText } from '../../scripts/licences.ts';
import { keptFiles } from '../../scripts/offline.ts';
import { singlePage, withOwnWorkers } from '../../scripts/single.ts';

describe('what the service worker keeps', () => {
  const files = new Map([
    ['index.html', '<p>'],
    ['assets/a.js', '1'],
    ['assets/a.js.map', 'm'],
    ['sw.js', 's'],
    ['schema/x.json', '{}'],
    ['capture/capture.py', 'py'],
    ['capture/samples/fork.json', '{}'],
  ]);

  test('every file that the page asks for, and no other', () => {
    expect(keptFiles(files).paths).toEqual(['assets/a.js', 'capture/samples/fork.json', 'index.html']);
  });

  test('a change of one byte is another build', () => {
    const changed = new Map([...files, ['index.html', '<q>']]);
    expect(keptFiles(changed).build).not.toBe(keptFiles(files).build);
    expect(keptFiles(new Map(files)).build).toBe(keptFiles(files).build);
  });
});

describe('the single file', () => {
  const page = singlePage(
    readFileSync('index.html', 'utf8'),
    { script: 'run()', style: 'p{}' },
    'aWNvbg==',
    new Map([['a/b.json', '{"x":"</script>"}']]),
  );

  test('names every script that runs by its hash', () => {
    const inline = [...page.matchAll(/<script type="module">([^]*?)<\/script>/g)].map(([, text]) => text ?? '');
    expect(inline).toHaveLength(1);
    for (const text of [...inline, 'run()'])
      expect(page).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update('p{}').digest('base64')}'`);
  });

  test('asks for no address, and data cannot end the element it is in', () => {
    expect(page).not.toMatch(/(src|href)="(?!data:)/);
    expect(page).toContain('<script type="application/json" data-ships="a/b.json">{"x":"\\u003c/script>"}</script>');
  });

  test('workers are started from the page’s own script, however the call is laid out', () => {
    const code = `const w = new Worker(new URL('../worker/a.ts', import.meta.url), { type: 'module' });
      x(new Worker(
        new URL('../../worker/b-c.ts', import.meta.url),
        { type: 'module', name: 'b' },
      ));`;
    const out = withOwnWorkers(code);
    expect(out).toContain("import { startWorker } from 'virtual:single-start';");
    expect(out).toContain("const w = startWorker('a');");
    expect(out).toContain("x(startWorker('b-c'));");
    expect(out).not.toContain('import.meta.url');
  });
});

test('the licences of everything that is brought along go with a build', () => {
  const text = licencesText();
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
  for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`${name} ${version} (`);
  // What those need in turn, and the whole of a text.
  expect(text).toMatch(/^scheduler \d/m);
  expect(text).toContain('SIL OPEN FONT LICENSE Version 1.1');
  expect(text).toContain('Permission is hereby granted');
});
