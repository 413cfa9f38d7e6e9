/** A piece of C text and the line of the table that it stands on. */
export interface CToken {
  readonly text: string;
  readonly line: number;
}

/** Stands between two hunks of one function: what is in between is not in the patch. */
export const GAP = '\u0000gap';

const TOKEN =
  /[A-Za-z_]\w*|\d[\w.]*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|->|\+\+|--|<<=|>>=|<<|>>|&&|\|\||[=!<>+\-*/%&|^]=|[^\s\w]/g;

/** Strips comments over a stretch of lines; a stretch may begin inside one. */
export class CommentStripper {
  private inside = false;

  /** The line without comments. */
  strip(code: string): string {
    let text = code;
    if (!this.inside && /^\s*\*(?:\s|\/|$)/.test(text))
      return text.includes('*/') ? text.slice(text.indexOf('*/') + 2) : '';
    let out = '';
    while (text !== '') {
      if (this.inside) {
        const end = text.indexOf('*/');
        if (end < 0) return out;
        this.inside = false;
        text = text.slice(end + 2);
        continue;
      }
      const open = text.indexOf('/*');
      const rest = text.indexOf('//');
      if (rest >= 0 && (open < 0 || rest < open)) return out + text.slice(0, rest);
      if (open < 0) return out + text;
      out += `${text.slice(0, open)} `;
      this.inside = true;
      text = text.slice(open + 2);
    }
    return out;
  }
}

/** The tokens of a line of C without comments; preprocessor lines have none. */
export function tokensOf(code: string, line: number): CToken[] {
  if (code.length > 2000 || /^\s*#/.test(code)) return [];
  return (code.match(TOKEN) ?? []).map((text) => ({ text, line }));
}
