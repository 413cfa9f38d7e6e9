const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The text is a saved web page. */
export const isHtml = (text: string): boolean => /^\s{0,100}<(!doctype|html|\?xml)/i.test(text);

/** Tags that end a line of text. */
const BREAKS = new Set([
  'br',
  'p',
  'div',
  'tr',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'hr',
  'pre',
  '/pre',
  '/p',
  '/div',
  '/tr',
]);

/**
 * The text of a saved web page: tags go, entities are decoded, scripts and styles are left out. Nothing is interpreted;
 * one pass over the text.
 */
export function htmlText(html: string): string {
  const out: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    out.push(unescaped(html.slice(at, open < 0 ? html.length : open)));
    if (open < 0) break;
    const close = html.indexOf('>', open);
    if (close < 0) {
      out.push(html.slice(open));
      break;
    }
    const name = /^\/?[a-zA-Z0-9]{1,20}/.exec(html.slice(open + 1, open + 22))?.[0]?.toLowerCase() ?? '';
    if (BREAKS.has(name)) out.push('\n');
    at = close + 1;
    if (name === 'script' || name === 'style') {
      const end = html.indexOf(`</${name}`, at);
      at = end < 0 ? html.length : end;
    }
  }
  return out.join('');
}

function unescaped(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]{1,6}|[a-z]{2,5});/g, (all, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? all;
    const code =
      name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all;
  });
}
