import { KIND } from '../read/kinds.ts';
import { codeText } from '../read/lines.ts';
import type { FileDiff, Hunk, PatchSet } from '../read/types.ts';
import { type CToken, CommentStripper, GAP, tokensOf } from './tokens.ts';

/** What a patch shows of one function, before or after the patch. */
export interface CFunction {
  readonly name: string;
  readonly file: number;
  /** line of its definition; a hunk header when only that names it */
  readonly line: number;
  /** the definition itself is in the patch */
  readonly begins: boolean;
  /** tokens from the definition on, hunks parted by GAP */
  readonly tokens: CToken[];
  /** line of its closing brace, -1 = not in the patch */
  end: number;
}

export type Side = 'before' | 'after';

const DEFINITION = /^(?:[A-Za-z_]\w*[\s*]+){1,8}\**([A-Za-z_]\w*)\s*\(/;
const NO_DEFINITION = /^(return|else|goto|case|if|while|for|switch|do|sizeof|typedef|extern)\b/;

/**
 * The functions that one file's diff shows, in order, as they are on one side of the patch. The tokens of functions that
 * are not wanted are left out.
 */
export function functionsOf(
  set: PatchSet,
  file: FileDiff,
  hunks: readonly Hunk[],
  side: Side,
  wanted: (name: string) => boolean = () => true,
): CFunction[] {
  const out: CFunction[] = [];
  // Archives strip the indentation of context lines; then a brace in the first column says nothing.
  const indented = hunks.some((h) =>
    h.lines.some((i) => set.lines.kind[i] === KIND.context && /^[\t ]/.test(codeText(set.lines, i))),
  );
  for (const hunk of hunks) new HunkWalk(set, file, hunk, { side, indented, wanted }, out).run();
  return out;
}

class HunkWalk {
  private readonly set: PatchSet;
  private readonly file: FileDiff;
  private readonly hunk: Hunk;
  private readonly indented: boolean;
  private readonly wanted: (name: string) => boolean;
  private readonly out: CFunction[];
  private readonly lines: readonly number[];
  private current: CFunction | null = null;
  private depth = 0;

  constructor(
    set: PatchSet,
    file: FileDiff,
    hunk: Hunk,
    how: { readonly side: Side; readonly indented: boolean; readonly wanted: (name: string) => boolean },
    out: CFunction[],
  ) {
    this.set = set;
    this.file = file;
    this.hunk = hunk;
    this.indented = how.indented;
    this.wanted = how.wanted;
    this.out = out;
    const other = how.side === 'after' ? KIND.del : KIND.add;
    this.lines = hunk.lines.filter((i) => set.lines.kind[i] !== other && set.lines.kind[i] !== KIND.wrapped);
  }

  run(): void {
    const heading = definedName(this.hunk.heading);
    if (heading !== '') this.current = this.continued(heading);
    const comments = new CommentStripper();
    this.lines.forEach((line, at) => {
      const code = comments.strip(this.code(line));
      const name = this.definitionAt(at, code);
      if (name !== '') {
        this.current = { name, file: this.file.index, line, begins: true, tokens: [], end: -1 };
        this.depth = 0;
        this.out.push(this.current);
      }
      if (this.current === null) return;
      // Without indentation the braces have to be counted, whoever's they are.
      if (this.indented && !this.wanted(this.current.name)) {
        if (this.closes(code)) this.end(line);
        return;
      }
      for (const token of tokensOf(code, line)) {
        this.current.tokens.push(token);
        if (token.text === '{') this.depth++;
        else if (token.text === '}') this.depth--;
      }
      if (this.closes(code)) this.end(line);
    });
  }

  private end(line: number): void {
    if (this.current !== null) this.current.end = line;
    this.current = null;
  }

  /** The function goes on from an earlier hunk, or only the heading names it. */
  private continued(name: string): CFunction {
    const known = this.out.findLast((f) => f.name === name);
    if (known && known.end < 0) {
      known.tokens.push({ text: GAP, line: this.hunk.line });
      return known;
    }
    const fn = { name, file: this.file.index, line: this.hunk.line, begins: false, tokens: [], end: -1 };
    this.out.push(fn);
    return fn;
  }

  /** A function's name when its definition begins here: type and name, no indentation, a body or the hunk's end. */
  private definitionAt(at: number, code: string): string {
    const line = this.lines[at] ?? -1;
    const free = this.indented || this.set.lines.kind[line] !== KIND.context ? /^[A-Za-z_]/.test(code) : true;
    if (!free) return '';
    const name = definedName(code.trimStart());
    if (name === '') return '';
    let open = 0;
    for (let j = at; j < Math.min(this.lines.length, at + 12); j++)
      for (const c of j === at ? code : this.code(this.lines[j] ?? -1)) {
        if (c === '(') open++;
        else if (c === ')') open--;
        else if (open === 0 && c === ';') return '';
        else if (open === 0 && c === '{') return name;
      }
    return name;
  }

  private closes(code: string): boolean {
    if (code.trimEnd() !== '}' || this.current === null) return false;
    return this.indented ? true : this.current.begins && this.depth <= 0;
  }

  private code(line: number): string {
    return line < 0 ? '' : codeText(this.set.lines, line).slice(0, 2000);
  }
}

/** The function that a line defines, '' = none. */
function definedName(code: string): string {
  const text = code.slice(0, 300);
  return NO_DEFINITION.test(text) ? '' : (DEFINITION.exec(text)?.[1] ?? '');
}
