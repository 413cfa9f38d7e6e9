import type parseDiff from 'parse-diff';
import { MAX_LINE } from './decode.ts';
import { KIND } from './kinds.ts';
import type { LineTable } from './lines.ts';
import type { FoundFile, FoundHunk } from './stream.ts';
import type { FileDiff, Hunk } from './types.ts';

/** The diff parser, given by whoever loaded it. */
export type DiffParser = typeof parseDiff;

/** A diff as the parser reads it: the file's names and state, and its hunks with line numbers. */
export interface ParsedFile {
  readonly file: Omit<FileDiff, 'index' | 'message' | 'quoted'>;
  readonly hunks: readonly Omit<Hunk, 'index' | 'file'>[];
}

/**
 * Puts a file's diff together as git would have written it (line breaks of mail programs undone, counts as the lines
 * are) and hands it to the diff parser; its line numbers go into the table.
 * @throws when the parser's answer does not fit the lines; the message says how.
 */
export function parseFile(parser: DiffParser, table: LineTable, found: FoundFile): ParsedFile {
  const hunks = found.hunks.map((h) => ({ found: h, lines: joined(table, h) })).filter((h) => h.lines.length > 0);
  const text: string[] = joinedHeader(table, found);
  for (const { found: h, lines } of hunks) {
    const old = lines.filter((l) => l.kind !== KIND.add).length;
    const fresh = lines.filter((l) => l.kind !== KIND.del).length;
    text.push(`@@ -${h.oldStart},${old} +${h.newStart},${fresh} @@`);
    for (const l of lines) text.push(l.text);
  }
  const [file, ...more] = parser(text.join('\n'));
  if (file === undefined) {
    if (hunks.length > 0) throw new Error('the diff parser found no file');
    return { file: fileOf(found, text, undefined), hunks: [] };
  }
  if (more.length > 0 || file.chunks.length !== hunks.length)
    throw new Error(`${hunks.length} hunks were found, the diff parser read ${file.chunks.length}`);
  const parsed = hunks.map(({ found: h, lines }, i): Omit<Hunk, 'index' | 'file'> => {
    const chunk = file.chunks[i];
    if (chunk === undefined || chunk.changes.length !== lines.length)
      throw new Error(
        `hunk ${i + 1}: ${lines.length} lines were found, the diff parser read ${chunk?.changes.length ?? 0}`,
      );
    chunk.changes.forEach((change, j) => {
      const line = lines[j]?.line ?? 0;
      if (change.type === 'normal') {
        table.before[line] = change.ln1;
        table.after[line] = change.ln2;
      } else if (change.type === 'add') table.after[line] = change.ln;
      else table.before[line] = change.ln;
    });
    return {
      line: h.line,
      oldStart: chunk.oldStart,
      oldLines: chunk.oldLines,
      newStart: chunk.newStart,
      newLines: chunk.newLines,
      heading: h.heading,
      lines: h.lines,
    };
  });
  return { file: fileOf(found, text, file), hunks: parsed };
}

interface Joined {
  readonly line: number;
  readonly kind: number;
  text: string;
}

/** A hunk's lines as git wrote them: wrapped pieces back on their line, and a marker before each. */
function joined(table: LineTable, hunk: FoundHunk): Joined[] {
  const out: Joined[] = [];
  for (const i of hunk.lines) {
    const kind = table.kind[i] ?? KIND.context;
    const own = table.own(i).slice(0, MAX_LINE);
    const last = out.at(-1);
    if (kind === KIND.wrapped) {
      if (last) last.text = `${last.text.trimEnd()} ${own.trimStart()}`.slice(0, MAX_LINE);
    } else if (kind === KIND.context) out.push({ line: i, kind, text: /^[ \u00a0]/.test(own) ? own : ` ${own}` });
    else out.push({ line: i, kind, text: own });
  }
  return out;
}

function joinedHeader(table: LineTable, found: FoundFile): string[] {
  const out: string[] = [];
  for (const i of found.header) {
    const own = table.own(i).slice(0, 1000);
    if (table.kind[i] === KIND.wrapped && out.length > 0) {
      const last = out.length - 1;
      const before = out[last] ?? '';
      // A path is broken at a slash without a space of its own.
      out[last] = before.trimEnd().endsWith('/') ? before.trimEnd() + own.trim() : `${before.trimEnd()} ${own.trim()}`;
    } else out.push(own);
  }
  return out;
}

function fileOf(found: FoundFile, text: readonly string[], parsed: parseDiff.File | undefined): ParsedFile['file'] {
  const from = parsed?.from ?? '';
  const to = parsed?.to ?? '';
  const git = /^diff --git "?a\/(.{1,500}?)"? "?b\/(.{1,500}?)"?$/.exec(text[0] ?? '');
  const old = gitName(text, '--- ') ?? git?.[1] ?? from;
  const fresh = gitName(text, '+++ ') ?? git?.[2] ?? to;
  const isNew = parsed?.new === true || old === '/dev/null';
  const isGone = parsed?.deleted === true || fresh === '/dev/null';
  const renamed = text.some((l) => l.startsWith('rename to '));
  const binary = text.some((l) => /^(Binary files |GIT binary patch)/.test(l));
  return {
    depth: found.depth,
    path: (isGone ? old : fresh) || '(no name)',
    oldPath: (isNew ? fresh : old) || '(no name)',
    status: binary ? 'binary' : isNew ? 'new' : isGone ? 'deleted' : renamed ? 'renamed' : 'changed',
    line: found.line,
    added: parsed?.additions ?? 0,
    removed: parsed?.deletions ?? 0,
  };
}

/** The name on a `---` or `+++` line, without `a/`, `b/` and a date. */
function gitName(text: readonly string[], mark: string): string | undefined {
  const line = text.find((l) => l.startsWith(mark));
  const name = line?.slice(mark.length).split('\t', 1)[0]?.trim();
  return name === undefined || name === '' ? undefined : name.replace(/^"?[ab]\//, '').replace(/"$/, '');
}
