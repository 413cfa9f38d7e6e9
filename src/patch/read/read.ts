import { markDepth, markText } from './body.ts';
import { findComments, linkRepeated } from './comments.ts';
import { inputLines, mendTwiceEncoded } from './decode.ts';
import { type DiffParser, parseFile } from './diff.ts';
import { KIND, isDiffKind } from './kinds.ts';
import { LineTable } from './lines.ts';
import { decodeMail, hasEncodedWords, needsDecoding } from './mime.ts';
import { findSeries } from './series.ts';
import { damages } from './damage.ts';
import { type Start, findMessages } from './split.ts';
import { type FoundFile, scanDiffs } from './stream.ts';
import { isReplySubject, subjectTag } from './subject.ts';
import { bindListing, bindQuotes } from './target.ts';
import type { Comment, FileDiff, Hunk, Message, PatchInput, PatchProblem, PatchSet } from './types.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Reads mails, mboxes, patches, diffs and saved pages of mailing-list archives. What is broken is reported with message
 * and line, and everything else is used; every line of the input is a line of the result. No input makes it throw.
 */
export async function readPatches(inputs: readonly PatchInput[]): Promise<PatchSet> {
  const { default: parser } = await import('parse-diff');
  const reader = new Reader(parser);
  for (const [i, input] of inputs.entries()) await reader.input(input, i);
  return reader.finish(inputs.map((input) => input.name));
}

class Reader {
  private readonly parser: DiffParser;
  private readonly table = new LineTable();
  private readonly messages: Mutable<Message>[] = [];
  private readonly problems: PatchProblem[] = [];
  private readonly found: { message: number; file: FoundFile }[] = [];

  constructor(parser: DiffParser) {
    this.parser = parser;
  }

  async input(input: PatchInput, source: number): Promise<void> {
    let lines: string[];
    try {
      lines = inputLines(input);
    } catch (error) {
      this.problem('broken', -1, this.table.text.length, error);
      return;
    }
    const starts = findMessages(lines);
    const first = this.table.text.length;
    lines.slice(0, starts[0]?.from ?? lines.length).forEach((text, i) => this.table.push(text, source, i + 1));
    this.table.mark(first, this.table.text.length, KIND.around, -1);
    for (const [k, start] of starts.entries())
      await this.message(lines, start, starts[k + 1]?.from ?? lines.length, source);
  }

  /** One message: its lines go into the table, decoded ones behind them. */
  private async message(lines: readonly string[], start: Start, end: number, source: number): Promise<void> {
    const { table } = this;
    const index = this.messages.length;
    const from = table.text.length;
    for (let i = start.from; i < end; i++) table.push(lines[i] ?? '', source, i + 1);
    table.mark(from, from + start.headers - start.from, KIND.separator, index);
    let body = from + start.body - start.from;
    table.mark(from + start.headers - start.from, body, KIND.header, index);
    table.mark(body, table.text.length, KIND.blank, index);
    let subject = start.fields.get('subject') ?? '';
    let author = start.fields.get('from') ?? '';
    const encoded = needsDecoding(start.fields);
    if (encoded || hasEncodedWords(start.fields)) {
      const upTo = encoded ? end : start.body;
      try {
        const mail = await decodeMail(`${lines.slice(start.headers, upTo).join('\n')}\n`);
        if (mail.subject !== '') subject = mail.subject;
        if (mail.author !== '') author = mail.author;
        if (encoded) {
          table.mark(body, table.text.length, KIND.encoded, index);
          const raw = table.number[body] ?? start.body + 1;
          body = table.text.length;
          for (const text of mail.lines) table.push(text, source, raw, 1);
          table.mark(body, table.text.length, KIND.blank, index);
        }
      } catch (error) {
        this.problem('broken', index, body, error, 'the mail could not be decoded: ');
      }
    }
    if (start.form !== 'bare') this.mendEncoding(from, table.text.length, index);
    const name = mendTwiceEncoded(author)
      .replace(/\s*<[^>]{0,200}>\s*$/, '')
      .replace(/^"(.{0,200})"$/, '$1');
    this.messages.push({
      index,
      from,
      to: table.text.length,
      body,
      form: start.form,
      subject: mendTwiceEncoded(subject.replace(/\s+/g, ' ')).slice(0, 1000),
      author: name.trim() || author.trim(),
      date: start.fields.get('date') ?? '',
      id: start.fields.get('message-id') ?? '',
      inReplyTo: lastId(start.fields.get('in-reply-to') ?? start.fields.get('references') ?? ''),
      reply: false,
      tag: subjectTag(subject),
      series: -1,
      about: -1,
    });
    this.body(index, subject);
  }

  /** Marks the lines of a body: depth, diffs, then the words around them. */
  private body(index: number, subject: string): void {
    const { table } = this;
    const m = this.messages[index];
    if (m === undefined) return;
    markDepth(table, m.body, m.to);
    const byDepth: number[][] = [];
    for (let i = m.body; i < m.to; i++) (byDepth[table.depth[i] ?? 0] ??= []).push(i);
    for (const [depth, list] of byDepth.entries()) {
      if (list === undefined) continue;
      const { files, problems } = scanDiffs(table, list, depth);
      for (const file of files) this.found.push({ message: index, file });
      if (depth === 0) for (const p of problems) this.problem(p.severity, index, p.line, p.what);
    }
    m.reply = isReplySubject(subject) || this.looksLikeReply(m, byDepth);
    markText(table, m.body, m.to, m.reply, m.author);
  }

  /** Without a "Re:", quotations and no diff of its own make a reply. */
  private looksLikeReply(m: Message, byDepth: readonly (readonly number[] | undefined)[]): boolean {
    const quoted = byDepth.slice(1).reduce((n, list) => n + (list?.length ?? 0), 0);
    const own = byDepth[0]?.some((i) => isDiffKind(this.table.kind[i] ?? 0)) ?? false;
    return quoted > 0 && !own && quoted * 10 > m.to - m.body;
  }

  private mendEncoding(from: number, to: number, message: number): void {
    const { table } = this;
    let lost = -1;
    for (let i = from; i < to; i++) {
      const text = table.text[i] ?? '';
      // A lone byte of a two-byte letter: the other one was lost on the way.
      if (lost < 0 && table.kind[i] === KIND.header && /[a-z]\u00c3[a-z]/i.test(text.slice(0, 400))) lost = i;
      if (lost < 0 && mendTwiceEncoded(text) !== text) lost = i;
    }
    if (lost >= 0)
      this.problem('damaged', message, lost, 'letters outside ASCII were damaged on the way (UTF-8 read as Latin-1)');
  }

  finish(inputs: readonly string[]): PatchSet {
    const { table } = this;
    const withDiff = new Set(this.found.filter((f) => f.file.depth === 0).map((f) => f.message));
    const series = findSeries(this.messages, (m) => withDiff.has(m));
    const { files, hunks } = this.diffs(withDiff);
    this.bind(files, hunks);
    const comments: Mutable<Comment>[] = [];
    for (const m of this.messages)
      if (m.reply) for (const c of findComments(table, m, comments.length)) comments.push(c);
    for (const c of comments) c.target = c.on < 0 ? -1 : (table.target[c.on] ?? -1);
    linkRepeated(comments);
    for (const s of series)
      if (s.missing.length > 0 && s.patches.length > 0)
        this.problem(
          'damaged',
          s.patches[0] ?? -1,
          this.messages[s.patches[0] ?? -1]?.from ?? 0,
          `of the series v${s.version} with ${s.m} patches, ${s.missing.slice(0, 20).join(', ')} ${s.missing.length === 1 ? 'is' : 'are'} not loaded`,
        );
    return {
      inputs,
      lines: table.finish(),
      messages: this.messages,
      series,
      files,
      hunks,
      comments,
      problems: this.problems.toSorted((a, b) => a.line - b.line),
    };
  }

  /** Hands every diff to the parser. A quotation of a posting that is loaded repeats it and is not counted. */
  private diffs(withDiff: ReadonlySet<number>): { files: FileDiff[]; hunks: Hunk[] } {
    const { table } = this;
    const files: FileDiff[] = [];
    const hunks: Hunk[] = [];
    const recovered = new Map<string, number>();
    for (const { message, file } of this.found) {
      const m = this.messages[message];
      const about = m?.about ?? -1;
      // The posting itself is missing: the first mail that quotes it, and its deepest quotation, stand for it.
      const key = m?.tag ? `${m.tag.version} ${m.tag.n}/${m.tag.m} ${m.tag.title}` : `message ${message}`;
      const by = recovered.get(key);
      const stands = file.depth > 0 && (about < 0 || !withDiff.has(about)) && (by === undefined || by === message);
      if (stands) recovered.set(key, message);
      const quoted = file.depth > 0 && !stands;
      try {
        const parsed = parseFile(this.parser, table, file);
        const index = files.length;
        files.push({ ...parsed.file, index, message, quoted });
        for (const h of parsed.hunks) {
          for (const i of h.lines) table.hunk[i] = hunks.length;
          table.hunk[h.line] = hunks.length;
          hunks.push({ ...h, index: hunks.length, file: index });
        }
      } catch (error) {
        this.problem('broken', message, file.line, error);
      }
      if (!quoted) this.shortHunks(message, file);
    }
    for (const p of damages(table, files, hunks, this.messages)) this.problems.push(p);
    return { files, hunks };
  }

  private shortHunks(message: number, file: FoundFile): void {
    for (const h of file.hunks) {
      const missing = Math.max(h.missingOld, h.missingNew);
      if (missing > 0)
        this.problem(
          h.lines.length === 0 ? 'broken' : 'damaged',
          message,
          h.line,
          `the hunk is shorter than its header says: ${missing} ${missing === 1 ? 'line is' : 'lines are'} missing`,
        );
    }
  }

  /** Quoted lines get the posting's lines that they repeat. */
  private bind(files: readonly FileDiff[], hunks: readonly Hunk[]): void {
    const { table } = this;
    const posted = new Map<number, number[]>();
    for (const h of hunks) {
      const file = files[h.file];
      if (file === undefined || file.quoted) continue;
      for (const i of h.lines) table.target[i] = i;
      if (file.depth > 0) continue;
      const list = posted.get(file.message) ?? [];
      for (const i of h.lines) list.push(i);
      posted.set(file.message, list);
    }
    for (const m of this.messages) {
      const posting = posted.get(m.about);
      if (!m.reply || posting === undefined) continue;
      const quoted: number[][] = [];
      const listed: number[] = [];
      for (let i = m.body; i < m.to; i++) {
        const kind = table.kind[i] ?? 0;
        if (kind === KIND.listing) listed.push(i);
        else if ((table.depth[i] ?? 0) > 0 && (isDiffKind(kind) || kind === KIND.quote))
          (quoted[table.depth[i] ?? 0] ??= []).push(i);
      }
      for (const list of quoted) if (list !== undefined) bindQuotes(table, list, posting);
      if (listed.length > 0) bindListing(table, listed, posting);
    }
  }

  private problem(severity: PatchProblem['severity'], message: number, line: number, what: unknown, before = ''): void {
    const words = what instanceof Error ? what.message : String(what);
    this.problems.push({ severity, message, line, what: before + words.slice(0, 300) });
  }
}

/** The last message id of a header field. */
const lastId = (field: string): string =>
  field
    .slice(-1000)
    .match(/<[^<>\s]{1,250}>/g)
    ?.at(-1) ?? '';
