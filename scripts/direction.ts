/**
 * The direction rule: which folder of src may import which, and which package is for whom.
 * Two tables and the small checker that reads them; test/unit/direction.test.ts applies it to every file of src.
 */
import { posix } from 'node:path';
import { parseSync, visitorKeys } from 'oxc-parser';

/**
 * A folder may import itself and the folders in its row, nothing else.
 *
 *   machine <- kernel <- scenario <- recording <- check, patch, tour <- scene <- session <- ui <- main
 *
 * Folders that share a place in that line (check, patch, tour) do not see each other; `worker` and `cli` are entry
 * points, so nobody imports them. A page starts a worker by `new Worker(new URL('../worker/x.ts', import.meta.url))`,
 * which loads no code into the page and is not an import; the message types both sides need live left of both.
 */
export const MAY_IMPORT = {
  machine: [],
  kernel: ['machine'],
  scenario: ['machine', 'kernel'],
  recording: ['machine', 'kernel', 'scenario'],
  check: ['machine', 'kernel', 'scenario', 'recording'],
  patch: ['machine', 'kernel', 'scenario', 'recording'],
  tour: ['machine', 'kernel', 'scenario', 'recording'],
  scene: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour'],
  session: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour', 'scene'],
  ui: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour', 'scene', 'session'],
  main: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour', 'scene', 'session', 'ui'],
  worker: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour'],
  cli: ['machine', 'kernel', 'scenario', 'recording', 'check', 'patch', 'tour'],
} as const satisfies Record<string, readonly string[]>;

/** A folder of src, or `main` for src/main.tsx. */
export type Folder = keyof typeof MAY_IMPORT;

/** Which folders may import a package. A package without a row may be imported by none: a new one gets its row here. */
export const PACKAGE_IS_FOR: Readonly<Record<string, readonly Folder[]>> = {
  react: ['ui', 'main'],
  'react-dom': ['ui', 'main'],
  'react-resizable-panels': ['ui'],
  zustand: ['session', 'ui'],
  gifenc: ['ui'],
  uqr: ['ui'],
  // Faces that pictures carry; loaded with the first picture.
  '@fontsource/ibm-plex-mono': ['ui'],
  '@fontsource/ibm-plex-sans': ['ui'],
  d3: ['scene', 'ui'],
  // Parsing is for the edges: files, links and worker messages.
  valibot: ['scenario', 'recording', 'patch', 'tour', 'session', 'worker', 'cli'],
  '@valibot/to-json-schema': ['cli'],
  // Markdown of tours, as tokens; nothing of it becomes HTML text.
  marked: ['tour', 'ui'],
  // Mails and diffs that people drop in; loaded only then.
  'postal-mime': ['patch'],
  'parse-diff': ['patch'],
  // Everything else also runs in a browser.
  'node:': ['cli'],
};

/** Folders that only ever run bundled, so `?raw`, `import.meta.glob` and style sheets are theirs to use. */
const BUNDLED_ONLY: readonly Folder[] = ['session', 'ui', 'main'];

/** One import that breaks the rule. */
export interface WrongImport {
  readonly file: string;
  readonly line: number;
  readonly specifier: string;
  readonly reason: string;
}

/** The folder a path below the repository belongs to, or undefined if it is not part of src or of the table. */
export function folderOf(path: string): Folder | undefined {
  if (path === 'src/main.tsx') return 'main';
  const name = /^src\/([^/]+)\//.exec(path)?.[1];
  return name !== undefined && name !== 'main' && Object.hasOwn(MAY_IMPORT, name) ? (name as Folder) : undefined;
}

/** Every import of `source` that breaks the tables above. `file` is its path from the repository's root. */
export function wrongImports(file: string, source: string): WrongImport[] {
  const folder = folderOf(file);
  if (folder === undefined) {
    return [{ file, line: 1, specifier: '', reason: 'this place has no row in MAY_IMPORT (scripts/direction.ts)' }];
  }
  const wrong: WrongImport[] = [];
  for (const { specifier, offset } of importsOf(file, source)) {
    const reason = objection(file, folder, specifier);
    if (reason !== undefined) {
      wrong.push({ file, line: source.slice(0, offset).split('\n').length, specifier, reason });
    }
  }
  return wrong;
}

/** Why `file`, which is in `folder`, may not import `specifier`; undefined if it may. */
function objection(file: string, folder: Folder, specifier: string): string | undefined {
  if (specifier === EXPORT_STAR) return 'export * hides what a module offers; name the exports';
  if (specifier === COMPUTED) return 'a computed import cannot be checked; write the path as a literal';
  if (!/^[./]/.test(specifier)) return packageObjection(folder, specifier);
  if (/[?*]|\.css$/.test(specifier) && !BUNDLED_ONLY.includes(folder)) {
    return `only the bundler understands this import, and ${folder} also runs in plain Node`;
  }
  const path = specifier.replace(/\?.*$/, '');
  const target = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(file), path);
  const to = folderOf(target);
  if (to === undefined) return `${target} is outside the folders of src`;
  if (to === folder || (MAY_IMPORT[folder] as readonly string[]).includes(to)) return undefined;
  return `${folder} may not import ${to}`;
}

function packageObjection(folder: Folder, specifier: string): string | undefined {
  const name = specifier.startsWith('node:') ? 'node:' : packageName(specifier);
  const folders = Object.hasOwn(PACKAGE_IS_FOR, name) ? PACKAGE_IS_FOR[name] : undefined;
  if (folders === undefined) return `the package ${name} has no row in PACKAGE_IS_FOR (scripts/direction.ts)`;
  return folders.includes(folder) ? undefined : `${name} is for ${folders.join(', ')}, not for ${folder}`;
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const COMPUTED = '(computed)';
const EXPORT_STAR = '(export *)';

interface Found {
  readonly specifier: string;
  readonly offset: number;
}

/**
 * The specifiers a module names: static imports and re-exports (types too: they bind the folders just as much), import
 * types, dynamic imports, and the patterns of `import.meta.glob`, which is an import of everything it matches.
 */
function importsOf(file: string, source: string): Found[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message ?? ''}`);
  const found: Found[] = [];
  const note = (node: AstNode | null | undefined, offset: number): void => {
    found.push({ specifier: literal(node) ?? COMPUTED, offset: node?.start ?? offset });
  };
  const visit = (node: AstNode): void => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ImportExpression':
      case 'TSImportType':
        note(node['source'] as AstNode, node.start);
        break;
      case 'ExportNamedDeclaration':
        if (node['source']) note(node['source'] as AstNode, node.start);
        break;
      case 'ExportAllDeclaration':
        note(node['source'] as AstNode, node.start);
        if (!node['exported']) found.push({ specifier: EXPORT_STAR, offset: node.start });
        break;
      case 'CallExpression':
        if (isGlob(node['callee'] as AstNode, source)) globs(node).forEach((pattern) => note(pattern, node.start));
        break;
    }
    for (const key of visitorKeys[node.type] ?? []) {
      const child = node[key] as AstNode | (AstNode | null)[] | null | undefined;
      if (Array.isArray(child)) child.forEach((each) => each && visit(each));
      else if (child) visit(child);
    }
  };
  visit(program as unknown as AstNode);
  return found;
}

/** The syntax tree as the walk above needs it: a kind, a place, and children by name. */
interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [child: string]: unknown;
}

function literal(node: AstNode | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node?.type === 'TSLiteralType') return literal(node['literal'] as AstNode);
  return undefined;
}

function isGlob(callee: AstNode, source: string): boolean {
  return source.slice(callee.start, callee.end) === 'import.meta.glob';
}

/** The patterns of an `import.meta.glob` call; those that only exclude are no imports. */
function globs(call: AstNode): AstNode[] {
  const first = (call['arguments'] as AstNode[])[0];
  const patterns = first?.type === 'ArrayExpression' ? (first['elements'] as AstNode[]) : first ? [first] : [];
  return patterns.filter((pattern) => !(literal(pattern) ?? '').startsWith('!'));
}
