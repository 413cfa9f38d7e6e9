/** Columns of a mail line at most: what the kernel's mailing lists ask for. */
export const MAIL_COLUMNS = 75;

/**
 * Breaks a text into lines of at most `columns` characters; lines after the first begin at `hang`. Blanks at the start
 * of the text stay. A word longer than a line is cut, where a name has a joint if it can be. Columns are characters: give ASCII.
 */
export function wrap(indent: number, hang: number, text: string, columns = MAIL_COLUMNS): string[] {
  const lines: string[] = [];
  const blanks = /^ */.exec(text)?.[0] ?? '';
  let line = ' '.repeat(indent) + blanks;
  let empty = true;
  for (let word of text.slice(blanks.length).split(/(?<= )/)) {
    while (word !== '') {
      const room = columns - line.length;
      if (word.trimEnd().length <= room) {
        line += word;
        word = '';
      } else if (empty) {
        const cut = cutOf(word, Math.max(1, room));
        line += word.slice(0, cut);
        word = word.slice(cut);
      }
      empty = false;
      if (word === '') continue;
      lines.push(line.trimEnd());
      line = ' '.repeat(hang);
      empty = true;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

/** Characters of a word that come into `room`: up to the last joint (`_`, `:`, `(` …) if that leaves half a line. */
function cutOf(word: string, room: number): number {
  for (let at = room; at > room / 2; at--) if (/[_:(/,|]/.test(word[at - 1] ?? '')) return at;
  return room;
}
