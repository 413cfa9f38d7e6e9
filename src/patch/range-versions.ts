import { pairUp } from './range-diff.ts';
import { KIND } from './read/kinds.ts';
import { ownText } from './read/lines.ts';
import { plainSubject } from './read/subject.ts';
import type { FileDiff, Message, PatchSet } from './read/types.ts';

/** The diff of one posted patch as lines, without what shifts by itself: line numbers and blob names. */
export interface PatchText {
  /** index of the message */
  readonly message: number;
  /** subject without `[PATCH vN n/m]`; of a diff without a mail, its first path */
  readonly title: string;
  /** the title stands in a subject, so that it may name the patch in another version */
  readonly titled: boolean;
  readonly paths: readonly string[];
  /** ` ## path`, ` @@ heading`, then the hunk's lines with their sign */
  readonly lines: readonly string[];
  /** line of the table that each of `lines` comes from */
  readonly at: readonly number[];
}

/** One version of a series: its patches in order. */
export interface Version {
  readonly label: string;
  readonly patches: readonly PatchText[];
}

/**
 * The versions that are loaded, oldest first, each with a patch in common with another; else empty.
 * Versions are told apart by the number in the subject; if all have the same, by input when there are two, else by the
 * repetition of subjects. A mail that is loaded twice counts once.
 */
export function loadedVersions(set: PatchSet): Version[] {
  const posts = postings(set);
  const found = [byNumber, byInput, byRepetition].map((of) => of(set, posts)).find((g) => g.size > 1);
  if (found === undefined) return [];
  const files = filesByMessage(set);
  const versions = [...found].map(([label, messages]) => ({
    label,
    patches: messages.map((m) => patchText(set, m, files.get(m.index) ?? [])),
  }));
  return versions.filter((v) => versions.some((w) => w !== v && related(v, w)));
}

/** The two to compare first, by place: the newest version, and the newest before it with a patch in common. */
export function newestPair(versions: readonly Version[]): readonly [older: number, newer: number] | undefined {
  for (let newer = versions.length - 1; newer > 0; newer--) {
    const older = versions.slice(0, newer).findLastIndex((v) => related(v, versions[newer]));
    if (older >= 0) return [older, newer];
  }
  return undefined;
}

/** Messages that carry a diff of their own, in the order of their series; a message id counts once. */
function postings(set: PatchSet): Message[] {
  const withDiff = new Set(set.files.filter((f) => f.depth === 0).map((f) => f.message));
  const seen = new Set<string>();
  return set.messages
    .filter((m) => {
      if (m.reply || !withDiff.has(m.index) || (m.id !== '' && seen.has(m.id))) return false;
      seen.add(m.id);
      return true;
    })
    .toSorted(
      (a, b) => versionOf(a) - versionOf(b) || sourceOf(set, a) - sourceOf(set, b) || numberOf(a) - numberOf(b),
    );
}

const versionOf = (m: Message): number => m.tag?.version ?? 1;
const numberOf = (m: Message): number => m.tag?.n ?? 1;
const sourceOf = (set: PatchSet, m: Message): number => set.lines.source[m.from] ?? 0;
const titleOf = (m: Message): string => (m.tag?.title ?? plainSubject(m.subject)).replace(/\s+/g, ' ').trim();

function byNumber(_: PatchSet, posts: readonly Message[]): Map<string, Message[]> {
  return grouped(posts, (m) => `v${versionOf(m)}`);
}

function byInput(set: PatchSet, posts: readonly Message[]): Map<string, Message[]> {
  const groups = grouped(posts, (m) => sourceOf(set, m));
  if (groups.size !== 2) return new Map();
  return new Map([...groups].map(([i, messages]) => [`${set.inputs[i] ?? 'input'} (${i + 1})`, messages]));
}

function byRepetition(_: PatchSet, posts: readonly Message[]): Map<string, Message[]> {
  const times = new Map<string, number>();
  return grouped(posts, (m) => {
    const title = titleOf(m).toLowerCase();
    const nth = title === '' ? 1 : (times.get(title) ?? 0) + 1;
    times.set(title, nth);
    return `posting ${nth}`;
  });
}

/** A patch of the one is a patch of the other, too. */
const related = (a: Version, b: Version | undefined): boolean =>
  b !== undefined && pairUp(a.patches, b.patches).size > 0;

const filesByMessage = (set: PatchSet): Map<number, FileDiff[]> =>
  grouped(
    set.files.filter((f) => f.depth === 0),
    (f) => f.message,
  );

function patchText(set: PatchSet, m: Message, files: readonly FileDiff[]): PatchText {
  const lines: string[] = [];
  const at: number[] = [];
  const push = (text: string, line: number): void => {
    lines.push(text);
    at.push(line);
  };
  const own = new Set(files.map((f) => f.index));
  const hunks = grouped(
    set.hunks.filter((h) => own.has(h.file)),
    (h) => h.file,
  );
  for (const file of files) {
    const state = file.status === 'renamed' ? ` (renamed from ${file.oldPath})` : ` (${file.status})`;
    push(` ## ${file.path}${file.status === 'changed' ? '' : state}`, file.line);
    for (const hunk of hunks.get(file.index) ?? []) {
      push(` @@ ${hunk.heading}`.trimEnd(), hunk.line);
      for (const i of hunk.lines) {
        const text = ownText(set.lines, i);
        const kind = set.lines.kind[i];
        // A mail program broke the line: its end belongs to the line before.
        if (kind === KIND.wrapped && lines.length > 0)
          lines[lines.length - 1] = `${lines.at(-1)?.trimEnd() ?? ''} ${text.trimStart()}`;
        else if (kind === KIND.context) push(/^[ \u00a0]/.test(text) ? ` ${text.slice(1)}` : ` ${text}`, i);
        else push(text, i);
      }
    }
  }
  const title = titleOf(m);
  const paths = files.map((f) => f.path);
  return { message: m.index, title: title || (paths[0] ?? ''), titled: title !== '', paths, lines, at };
}

function grouped<T, K>(list: readonly T[], key: (each: T) => K): Map<K, T[]> {
  const out = new Map<K, T[]>();
  for (const each of list) {
    const at = key(each);
    const known = out.get(at);
    if (known) known.push(each);
    else out.set(at, [each]);
  }
  return out;
}
