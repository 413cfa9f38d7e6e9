/**
 * npm run size: what a first visit has to load, against the budget. Counted are index.html's scripts and style sheets
 * and everything they import statically, each compressed by itself as a server would; what loads later is only listed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'oxc-parser';

/** The most bytes (gzip) that the first load may cost. */
export const FIRST_LOAD_BUDGET = 200_000;

/** One file of the build: its gzip size, and whether the first load needs it. */
export interface BuiltFile {
  readonly path: string;
  readonly gzip: number;
  readonly first: boolean;
}

/** The scripts and style sheets of a build. `read` gives the text of a file by its path inside the build. */
export function measure(paths: readonly string[], read: (path: string) => string): BuiltFile[] {
  const first = firstLoad(read);
  for (const path of first) if (!paths.includes(path)) throw new Error(`index.html needs ${path}, which was not built`);
  return paths
    .filter((path) => /\.(js|css)$/.test(path))
    .map((path) => ({ path, gzip: gzipSync(read(path), { level: 9 }).length, first: first.has(path) }))
    .toSorted((a, b) => Number(b.first) - Number(a.first) || b.gzip - a.gzip);
}

/** The bytes of the first load. */
export function firstLoadBytes(files: readonly BuiltFile[]): number {
  return files.reduce((sum, file) => sum + (file.first ? file.gzip : 0), 0);
}

/** The files of the build in `folder`, measured. */
export function measureBuild(folder: string): BuiltFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return measure(paths, (path) => readFileSync(resolve(folder, path), 'utf8'));
}

/** What index.html names and, transitively, what those scripts import statically. */
function firstLoad(read: (path: string) => string): Set<string> {
  const found = new Set<string>();
  const html = read('index.html').replace(/<!--[^]*?-->/g, '');
  const queue = [...html.matchAll(/<(script|link)\b[^>]*>/g)].flatMap(([tag]) => {
    const address = /\b(?:src|href)="([^":?]+\.(?:js|css))"/.exec(tag)?.[1];
    return address === undefined ? [] : [posix.normalize(address)];
  });
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    if (!path.endsWith('.js')) continue;
    const { staticImports, staticExports } = parseSync(path, read(path)).module;
    const requests = [
      ...staticImports.map((each) => each.moduleRequest.value),
      ...staticExports.flatMap((each) => each.entries.map((entry) => entry.moduleRequest?.value)),
    ];
    for (const request of requests) {
      if (request !== undefined) queue.push(posix.join(posix.dirname(path), request));
    }
  }
  return found;
}

/** A table of the files for people to read, the first load before what comes later. */
function report(files: readonly BuiltFile[]): string {
  const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
  const lines = files.map((file) => `${kb(file.gzip)}  ${file.first ? 'first' : 'later'}  ${file.path}`);
  return [
    ...lines,
    `${kb(firstLoadBytes(files))}  first load, gzip; the budget is ${kb(FIRST_LOAD_BUDGET).trim()}`,
  ].join('\n');
}

if (process.argv[1]?.endsWith('size.ts')) {
  const files = measureBuild('dist');
  console.log(report(files));
  if (firstLoadBytes(files) > FIRST_LOAD_BUDGET) {
    console.error('The first load is over its budget: import what is not needed at once with import().');
    process.exitCode = 1;
  }
}
