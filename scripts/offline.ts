import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, transformWithOxc } from 'vite';

/** Files of the build that the page never asks for. */
const NOT_KEPT = /\.map$|^sw\.js$|^licences\.txt$|^schema\/|^capture\/(?!samples\/)/;

const SOURCE = 'src/worker/offline.ts';

/**
 * Adds the service worker to the build: its TypeScript translated, and in place of its FILES the list of the build's files,
 * those of public/ among them. It is no entry of the bundle, which would give it a share of the page's code.
 */
export function offline(): Plugin {
  let publicFolder = 'public';
  return {
    name: 'offline',
    apply: 'build',
    configResolved: (config) => {
      publicFolder = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const files = new Map<string, string | Uint8Array>();
        for (const [path, file] of Object.entries(bundle)) {
          files.set(path, file.type === 'chunk' ? file.code : file.source);
        }
        for (const path of readdirSync(publicFolder, { recursive: true, encoding: 'utf8' })) {
          if (/\.\w+$/.test(path)) files.set(path.replaceAll('\\', '/'), readFileSync(join(publicFolder, path)));
        }
        const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE);
        if (/^\s*(?:import|export)\b/m.test(code)) throw new Error(`${SOURCE} has to stand alone`);
        this.emitFile({
          type: 'asset',
          fileName: 'sw.js',
          source: code.replace(/\bFILES\b(?!')/g, () => JSON.stringify(keptFiles(files))),
        });
      },
    },
  };
}

/** What the service worker is told: a name for the build that follows from every byte of it, and what to keep. */
export function keptFiles(files: ReadonlyMap<string, string | Uint8Array>): { build: string; paths: string[] } {
  const hash = createHash('sha256');
  const paths = [...files.keys()].filter((path) => !NOT_KEPT.test(path)).toSorted();
  for (const path of paths) hash.update(`${path}\n`).update(files.get(path) ?? '');
  return { build: hash.digest('hex').slice(0, 12), paths };
}
