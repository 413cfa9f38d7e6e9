import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { completed, type Lockfile, missingOptional } from '../../scripts/lockfile.ts';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lockfile;

test('the lockfile is complete for every platform (if not: npm run lockfile)', () => {
  expect(missingOptional(lock)).toEqual([]);
});

test('the lockfile names no host', () => {
  expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
  expect(readFileSync('.npmrc', 'utf8')).not.toMatch(/registry\s*=|\/\//);
});

test('a missing platform build is added beside its parent, with the platform of its name', () => {
  const parent = { version: '2.0.0', dev: true, optionalDependencies: { '@x/linux-arm64-musl': '2.0.0' } };
  const packages = { 'node_modules/b': { version: '1.0.0' }, 'node_modules/b/node_modules/x': parent };
  const place = 'node_modules/b/node_modules/@x/linux-arm64-musl';
  expect(missingOptional({ packages })).toEqual([place]);
  expect(completed({ packages }).packages[place]).toEqual({
    version: '2.0.0',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    dev: true,
    optional: true,
  });
  expect(missingOptional(completed({ packages }))).toEqual([]);
});

test('a build that stands further up at the right version, or at one in range, is not missing', () => {
  const optionalDependencies = { 'x-darwin-x64': '1.0.0', fsevents: '~2.3.3' };
  const packages = {
    'node_modules/b/node_modules/x': { version: '1.0.0', optionalDependencies },
    'node_modules/x-darwin-x64': { version: '1.0.0' },
    'node_modules/b/node_modules/fsevents': { version: '2.3.4' },
  };
  expect(missingOptional({ packages })).toEqual([]);
});
