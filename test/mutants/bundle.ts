import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { type Mutant, mutated, pathOf } from './mutant.ts';

const ROOT = join(import.meta.dirname, '../..');
const OUT = join(ROOT, 'node_modules/.cache/walkscope-mutants');

/** Bundles play.ts with the kernel, one piece of it replaced, and gives the path of the bundle. */
export async function bundle(mutant?: Mutant): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: ROOT,
    plugins: [
      {
        name: 'mutant',
        load: (id) => (mutant !== undefined && id === pathOf(mutant) ? mutated(mutant) : null),
      },
    ],
    build: { ssr: join(import.meta.dirname, 'play.ts'), write: false, minify: false, target: 'node20' },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = first !== undefined && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error('nothing was bundled');
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, `${mutant?.id ?? 'unbroken'}.mjs`);
  writeFileSync(path, chunk.code);
  return path;
}

/** A file beside the bundles. */
export function putBeside(name: string, text: string): string {
  mkdirSync(OUT, { recursive: true });
  const path = join(OUT, name);
  writeFileSync(path, text);
  return path;
}
