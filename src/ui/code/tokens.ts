/** What a stretch of source text is; also its CSS class. */
export type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'call' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const KEYWORDS = new Set(
  'as async await break case class const continue default delete do else export extends false finally for from function if implements import in interface let new null number of readonly return satisfies static string boolean switch this throw true try type typeof undefined void while yield'.split(
    ' ',
  ),
);

const PART =
  /(\/\/.*$)|(\/\*.*?(?:\*\/|$))|('(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*")|(\b0x[\da-fA-F_]+n?\b|\b\d[\d_.]*n?\b)|([A-Za-z_$][\w$]*)/g;

/** Cuts the lines of a TypeScript file into coloured stretches. Light on purpose: comments, strings, numbers, keywords, calls. */
export function tokenize(lines: readonly string[]): readonly (readonly Token[])[] {
  let inComment = false;
  return lines.map((line) => {
    const tokens: Token[] = [];
    let at = 0;
    const push = (kind: TokenKind, end: number): void => {
      if (end > at) tokens.push({ kind, text: line.slice(at, end) });
      at = end;
    };
    if (inComment) {
      const close = line.indexOf('*/');
      push('comment', close < 0 ? line.length : close + 2);
      if (close < 0) return tokens;
      inComment = false;
    }
    PART.lastIndex = at;
    for (let m = PART.exec(line); m !== null; m = PART.exec(line)) {
      push('plain', m.index);
      const text = m[0];
      const end = m.index + text.length;
      if (m[1] !== undefined) push('comment', end);
      else if (m[2] !== undefined) {
        inComment = !text.endsWith('*/');
        push('comment', end);
      } else if (m[3] !== undefined) push('string', end);
      else if (m[4] !== undefined) push('number', end);
      else push(wordKind(text, line, end), end);
    }
    push('plain', line.length);
    return tokens;
  });
}

function wordKind(word: string, line: string, end: number): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword';
  return line[end] === '(' ? 'call' : 'plain';
}
