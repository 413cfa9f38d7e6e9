/**
 * The licences of what a build brings along from others, as one text that goes with every copy of it: licences.txt beside the
 * page, and an element of the single file.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

export const LICENCES = 'licences.txt';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const read = (folder: string): Package => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;

/** Every package that the one in `folder` needs when it runs, and those that these need, by name. */
function needed(folder: string, found = new Map<string, string>()): Map<string, string> {
  for (const name of Object.keys(read(folder).dependencies ?? {})) {
    // A package of its own version lies below the one that needs it, all others at the top.
    const own = join(folder, 'node_modules', name);
    const there = existsSync(own) ? own : join('node_modules', name);
    if (found.has(name)) continue;
    found.set(name, there);
    needed(there, found);
  }
  return found;
}

/** The text: packages with the same licence text stand together. @throws when a package brings none */
export function licencesText(): string {
  const byText = new Map<string, string[]>();
  for (const [name, folder] of [...needed('.')].toSorted(([a], [b]) => a.localeCompare(b))) {
    const file = readdirSync(folder).find((f) => /^licen[cs]e(\.\w+)?$/i.test(f));
    if (file === undefined) throw new Error(`${name} brings no licence text: look for it before it is shipped`);
    const { version, license = '' } = read(folder);
    const text = readFileSync(join(folder, file), 'utf8').trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return [
    'Walkscope is free software under the GNU General Public License, version 2 only.\nIt brings along:\n',
    ...parts,
  ].join(`\n${'-'.repeat(75)}\n\n`);
}

/** Puts the text beside the page. */
export function licences(): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: LICENCES, source: licencesText() });
    },
  };
}
