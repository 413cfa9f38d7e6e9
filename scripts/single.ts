/**
 * npm run build:single: the whole app as one HTML file, dist-single/index.html, which does everything from file:// or a mail
 * attachment. Script and styles are deflated; a few lines unfold them. The policy names both scripts by their hash, so
 * nothing else can run, and no address at all can be asked for.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { parseSync } from 'oxc-parser';
import { type Plugin, build } from 'vite';
import { licencesText } from './licences.ts';

export const SINGLE_FILE = 'dist-single/index.html';
/** The most bytes that the file may have. */
export const SINGLE_BUDGET = 1_500_000;

/** `new Worker(new URL('../worker/x.ts', import.meta.url), …)`: how the page starts a worker (scripts/direction.ts). */
const START_WORKER =
  /new Worker\(\s*new URL\(\s*'[^']*\/worker\/([\w-]+)\.ts',\s*import\.meta\.url\s*,?\s*\)\s*,?\s*(?:\{[^}]*\}\s*,?\s*)?\)/g;

const ENTRY = 'virtual:single-entry';
const START = 'virtual:single-start';
/** id of the script element that runs, whose text is also that of every worker. */
const RUNNING = 'running';

/** A source text whose workers are started from the page's own script. */
export function withOwnWorkers(code: string): string {
  const text = code.replace(START_WORKER, (_, name: string) => `startWorker('${name}')`);
  return text === code ? code : `import { startWorker } from '${START}';${text}`;
}

/**
 * Page and workers are one script, so that the engine is in the file once: run without a document it is the worker that its
 * name says. Only dynamic imports stand at its top, so nothing of the page runs in a worker.
 */
function oneScript(): Plugin {
  const workers = readdirSync('src/worker')
    .filter((f) => f.endsWith('.ts') && f !== 'offline.ts')
    .map((f) => [f.replace('.ts', ''), resolve('src/worker', f)] as const);
  const sources: Readonly<Record<string, string>> = {
    [ENTRY]: `
      const workers = { ${workers.map(([name, path]) => `'${name}': () => import(${JSON.stringify(path)})`).join(', ')} };
      if (typeof document === 'undefined') void workers[self.name]();
      else void import(${JSON.stringify(resolve('src/main.tsx'))});`,
    // From file:// a worker starts from a blob only as a classic script: a module would need an origin.
    [START]: `
      let url = '';
      export function startWorker(name) {
        url ||= URL.createObjectURL(new Blob([document.getElementById('${RUNNING}').textContent], { type: 'text/javascript' }));
        return new Worker(url, { name });
      }`,
  };
  return {
    name: 'one-script',
    enforce: 'pre',
    resolveId: (id) => (Object.hasOwn(sources, id) ? `\0${id}` : undefined),
    load: (id) => sources[id.replace('\0', '')],
    transform: (code, id) =>
      /\/src\/(session|ui)\/.*\.tsx?$/.test(id) && code.includes('new Worker(') ? withOwnWorkers(code) : undefined,
  };
}

interface Parts {
  readonly script: string;
  readonly style: string;
}

async function bundle(): Promise<Parts> {
  const result = await build({
    configFile: false,
    mode: 'single',
    logLevel: 'warn',
    base: './',
    publicDir: false,
    plugins: [react(), oneScript()],
    build: {
      write: false,
      cssCodeSplit: false,
      modulePreload: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      rolldownOptions: { input: ENTRY, output: { codeSplitting: false } },
      chunkSizeWarningLimit: 8192,
    },
  });
  const files = (Array.isArray(result) ? result : [result]).flatMap((r) => ('output' in r ? r.output : []));
  const [script, second] = files.filter((f) => f.type === 'chunk');
  const styles = files.filter((f) => f.type === 'asset' && f.fileName.endsWith('.css'));
  if (script === undefined || second !== undefined || files.length !== 1 + styles.length)
    throw new Error(`one script was to come out, not ${files.map((f) => f.fileName).join(', ')}`);
  if (/new Worker\(\s*new URL/.test(script.code))
    throw new Error('a worker is started in a way that this build does not know');
  return {
    script: classic(script.code),
    style: styles.map((f) => ('source' in f ? String(f.source) : '')).join('\n'),
  };
}

/** A module without imports and exports as a classic script, for a blob's worker can be nothing else. */
function classic(module: string): string {
  // All that is left of import.meta is what helpers would find pieces of a larger build by.
  const code = module.replace(/\bimport\.meta\.(?:url|resolve)\b/g, 'undefined');
  const { staticImports, staticExports, importMetas } = parseSync('single.js', code).module;
  if (staticImports.length + staticExports.length + importMetas.length > 0)
    throw new Error('the script is still a module');
  return `(()=>{"use strict";${code}\n})();`;
}

/** Runs in the page: unfolds the two parts and puts them where a page has them. Kept small and without dependencies. */
const UNFOLD = `
const unfold = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
};
const [css, js] = await Promise.all([unfold('folded-style'), unfold('folded-script')]);
for (const [tag, text] of [['style', css], ['script', js]]) {
  const el = document.createElement(tag);
  el.id = tag === 'script' ? '${RUNNING}' : '';
  el.textContent = text;
  document.head.append(el);
}
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const fold = (text: string): string => deflateRawSync(text, { level: 9 }).toString('base64');
/** Text that cannot end the script element it stands in; within JSON it means the same. */
const inside = (json: string): string => JSON.stringify(JSON.parse(json)).replaceAll('<', '\\u003c');

/** The page, made of the bundled parts and the files that ship beside the app. */
export function singlePage(html: string, parts: Parts, icon: string, ships: ReadonlyMap<string, string>): string {
  const policy = [
    `default-src 'none'`,
    `script-src ${hashOf(UNFOLD)} ${hashOf(parts.script)}`,
    `style-src ${hashOf(parts.style)}`,
    `img-src data: blob:`,
    `worker-src blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const data = (type: string, attributes: string, text: string): string =>
    `    <script type="${type}" ${attributes}>${text}</script>\n`;
  const body = [
    ...[...ships].map(([path, text]) => data('application/json', `data-ships="${path}"`, inside(text))),
    // For whoever looks into the file; nobody runs it.
    data('text/plain', 'id="licences"', licencesText().replaceAll('</', '<\\/')),
    data('text/plain', 'id="folded-style"', fold(parts.style)),
    data('text/plain', 'id="folded-script"', fold(parts.script)),
    `    <script type="module">${UNFOLD}</script>\n`,
  ].join('');
  return swap(html, [
    [/(?<=http-equiv="Content-Security-Policy"\s+content=)"[^"]*"/, `"${policy}"`],
    [/<link rel="icon"[^>]*>/, `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${icon}" />`],
    [/\s*<link rel="manifest"[^>]*>/, ''],
    [/ *<script type="module" src="[^"]*"><\/script>\n/, body],
  ]);
}

/** Every pattern has to be there: a page without its policy must not come out. */
function swap(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((t, [what, by]) => {
    if (!what.test(t)) throw new Error(`index.html has no ${String(what)}`);
    return t.replace(what, () => by);
  }, text);
}

/** Builds the file. @returns its bytes */
export async function buildSingle(): Promise<number> {
  const folder = 'public/capture/samples';
  const ships = readdirSync(folder).map(
    (f) => [`capture/samples/${f}`, readFileSync(`${folder}/${f}`, 'utf8')] as const,
  );
  const icon = readFileSync('public/icon.svg').toString('base64');
  const page = singlePage(readFileSync('index.html', 'utf8'), await bundle(), icon, new Map(ships));
  mkdirSync('dist-single', { recursive: true });
  writeFileSync(SINGLE_FILE, page);
  return Buffer.byteLength(page);
}

if (process.argv[1]?.endsWith('single.ts')) {
  const bytes = await buildSingle();
  console.log(`${SINGLE_FILE}: ${bytes} bytes; the budget is ${SINGLE_BUDGET}`);
  if (bytes > SINGLE_BUDGET) {
    console.error('The single file is over its budget.');
    process.exitCode = 1;
  }
}
