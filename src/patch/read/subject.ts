import type { SubjectTag } from './types.ts';

const REPLY = /^\s*((re|aw|sv|antw|fwd?|fw)\s?(\[\d+\])?:\s*)+/i;
const BRACKET = /^\s*(?:\[[^\]]{0,40}\]\s*)?\[([^\]]{1,100})\]\s*(.*)$/;
const SINGLE = /^\s*\[([^\]]{1,100})\]\s*(.*)$/;

/** The subject is that of an answer. */
export const isReplySubject = (subject: string): boolean => REPLY.test(subject.slice(0, 200));

/** The subject without "Re:" and its like. */
export const plainSubject = (subject: string): string => subject.slice(0, 1000).replace(REPLY, '').trim();

/**
 * Version and number of a patch from its subject, `[PATCH v2 1/3] title`; null when there is no such bracket. A bracket
 * of a list in front (`[linux-mm] [PATCH]`) is passed over.
 */
export function subjectTag(subject: string): SubjectTag | null {
  const plain = plainSubject(subject);
  const single = SINGLE.exec(plain);
  const tag = single === null ? null : bracketTag(single[1] ?? '', single[2] ?? '');
  if (tag !== null) return tag;
  const second = BRACKET.exec(plain);
  return second === null ? null : bracketTag(second[1] ?? '', second[2] ?? '');
}

function bracketTag(bracket: string, title: string): SubjectTag | null {
  const numbers = /\b0*(\d{1,4})\/0*(\d{1,4})\b/.exec(bracket);
  const version = /\bv(\d{1,3})\b/i.exec(bracket);
  const words = bracket
    .replace(/\b\d{1,4}\/\d{1,4}\b/, '')
    .replace(/\bv\d{1,3}\b/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (!/PATCH|RFC/i.test(words) && numbers === null) return null;
  return {
    words,
    version: version === null ? 1 : Number(version[1]),
    n: numbers === null ? 1 : Number(numbers[1]),
    m: numbers === null ? 1 : Number(numbers[2]),
    title: title.trim(),
  };
}
