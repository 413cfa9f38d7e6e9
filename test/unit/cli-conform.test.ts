import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readArchive } from '../../scripts/measured.ts';
import { main } from '../../src/cli/conform.ts';

const dir = mkdtempSync(join(tmpdir(), 'conform-'));
let out = '';

beforeAll(() => {
  const wanted = ['anon_rw__v2__mig.json', 'anon_rw__base__mig.json', 'zero__v2__rfF.json'];
  for (const { name, text } of readArchive()) if (wanted.includes(name)) writeFileSync(join(dir, name), text);
  writeFileSync(join(dir, 'index.json'), '{}');
});
beforeEach(() => {
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('conform on the command line', () => {
  test('a line for each run and a total; 0 when all agree', () => {
    expect(main([dir])).toBe(0);
    expect(out.split('\n')).toEqual([
      'anon_rw__base__mig.json: agrees',
      'anon_rw__v2__mig.json: agrees',
      'zero__v2__rfF.json: agrees',
      '3 of 3 agree',
      '',
    ]);
  });

  test('by kernel, by operation, by name', () => {
    expect(main([dir, '--kernel', 'v2', '--op', 'rfF'])).toBe(0);
    expect(main([dir, '--file', 'anon_rw__v2__mig'])).toBe(0);
    expect(out.match(/: agrees/g)).toHaveLength(2);
  });

  test('1 and the first difference when one does not agree', () => {
    const text = readArchive().find((f) => f.name === 'zero__v2__rfF.json')?.text as string;
    writeFileSync(join(dir, 'zero__v2__rfF.json'), text.replace('"walks":1', '"walks":7'));
    expect(main([dir, '--kernel', 'v2', '--json'])).toBe(1);
    expect(JSON.parse(out)).toEqual({
      agree: 1,
      total: 2,
      files: [
        { file: 'anon_rw__v2__mig.json', agree: true },
        { file: 'zero__v2__rfF.json', agree: false, first: { where: 'walks', expected: '7', got: '1' } },
      ],
    });
  });

  test('a broken file is named, the others still run', () => {
    writeFileSync(join(dir, 'zero__v2__rfF.json'), '{"schema":1');
    expect(main([dir])).toBe(1);
    expect(out).toContain('zero__v2__rfF.json: file: expected a measured run | got not JSON');
    expect(out).toContain('2 of 3 agree');
  });

  test.each([
    ['no directory', [], /expected one directory/],
    ['a directory that is none', [join(tmpdir(), 'nowhere-at-all')], /expected a directory/],
    ['an unknown kernel', [dir, '--kernel', 'v9'], /--kernel v9: expected v2, base, k715/],
    ['a file that is not there', [dir, '--file', 'x'], /no file x\.json/],
    ['nothing that fits', [dir, '--op', 'cpuw'], /no measured run fits/],
    ['an unknown option', [dir, '--fast'], /--fast/],
  ])('%s cannot be run', (_name, args, message) => expect(() => main(args)).toThrow(message));
});
