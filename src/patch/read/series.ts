import { plainSubject } from './subject.ts';
import type { Message, Series } from './types.ts';

type Draft = { -readonly [K in keyof Message]: Message[K] };

/** What a posting and its replies have in common in their subjects. */
const subjectKey = (m: Message): string =>
  m.tag === null
    ? plainSubject(m.subject).toLowerCase()
    : `${m.tag.version} ${m.tag.n}/${m.tag.m} ${m.tag.title.toLowerCase()}`;

/**
 * Sorts messages into series: same version and number of patches, same author's numbering; replies follow what they
 * answer. Sets `series` and `about` of every message.
 * @param hasDiff whether a message carries a diff of its own.
 */
export function findSeries(messages: Draft[], hasDiff: (message: number) => boolean): Series[] {
  const drafts = new Map<string, { tag: NonNullable<Message['tag']> | null; posts: Draft[]; replies: Draft[] }>();
  const bySubject = new Map<string, Draft>();
  const byId = new Map<string, Draft>();
  for (const m of messages) {
    if (m.id !== '') byId.set(m.id, m);
    const isPost = !m.reply && (m.tag !== null || hasDiff(m.index));
    if (!isPost) continue;
    if (!bySubject.has(subjectKey(m))) bySubject.set(subjectKey(m), m);
    const draft = drafts.get(seriesKey(m));
    if (draft) draft.posts.push(m);
    else drafts.set(seriesKey(m), { tag: m.tag, posts: [m], replies: [] });
  }
  for (const m of messages) {
    if (!m.reply && (m.tag !== null || hasDiff(m.index))) continue;
    const post = bySubject.get(subjectKey(m)) ?? postAbove(m, byId);
    m.about = post?.index ?? -1;
    const key = post ? seriesKey(post) : m.tag !== null || hasDiff(m.index) ? seriesKey(m) : '';
    if (key === '') continue;
    const draft = drafts.get(key);
    if (draft) draft.replies.push(m);
    else drafts.set(key, { tag: m.tag, posts: [], replies: [m] });
  }
  return [...drafts.values()]
    .toSorted((a, b) => (a.tag?.version ?? 1) - (b.tag?.version ?? 1))
    .map((draft, index) => finished(draft, index));
}

function seriesKey(m: Message): string {
  const { tag } = m;
  if (tag === null) return `message ${m.index}`;
  // A patch without numbers is a series of its own; with numbers, the title of each part differs.
  return tag.m === 1 ? `1 ${tag.version} ${tag.title.toLowerCase()}` : `${tag.words} ${tag.version} ${tag.m}`;
}

function postAbove(m: Message, byId: ReadonlyMap<string, Draft>): Draft | undefined {
  let at = byId.get(m.inReplyTo);
  for (let i = 0; i < 40 && at?.reply; i++) at = byId.get(at.inReplyTo);
  return at?.reply === false ? at : undefined;
}

function finished(draft: { tag: Message['tag']; posts: Draft[]; replies: Draft[] }, index: number): Series {
  const { tag } = draft;
  const m = tag?.m ?? 1;
  // The same part twice (a resent mail): the first counts.
  const byNumber = new Map<number, Draft>();
  for (const p of draft.posts) if (!byNumber.has(p.tag?.n ?? 1)) byNumber.set(p.tag?.n ?? 1, p);
  for (const each of [...draft.posts, ...draft.replies]) each.series = index;
  const cover = byNumber.get(0);
  const patches = [...byNumber]
    .filter(([n]) => n > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([, p]) => p.index);
  const missing: number[] = [];
  for (let n = 1; n <= Math.min(m, 999); n++) if (!byNumber.has(n)) missing.push(n);
  return {
    index,
    version: tag?.version ?? 1,
    m,
    title: cover?.tag?.title ?? draft.posts[0]?.tag?.title ?? tag?.title ?? draft.posts[0]?.subject ?? '',
    cover: cover?.index ?? -1,
    patches,
    missing,
    replies: draft.replies.map((r) => r.index),
  };
}
