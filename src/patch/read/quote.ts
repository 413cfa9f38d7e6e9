/**
 * Quote marks in front of a line: `>`, `>>`, `> >`. A second mark counts only when at most one space stands before it,
 * so that text which itself begins with `>` (an operator that was wrapped) is not taken for a deeper quote.
 */
export function quoteOf(text: string): { readonly depth: number; readonly skip: number } {
  let depth = 0;
  let i = 0;
  for (;;) {
    if (text[i] === '>') i++;
    else if (depth > 0 && text[i] === ' ' && text[i + 1] === '>') i += 2;
    else break;
    depth++;
    if (depth === 32) break;
  }
  if (depth === 0 || MBOX_ESCAPE.test(text)) return { depth: 0, skip: 0 };
  // The space after the marks is theirs, as long as all that follows is not in question.
  return { depth, skip: text[i] === ' ' ? i + 1 : i };
}

/** A line that begins with "From " is escaped in an mbox. */
const MBOX_ESCAPE = /^>{1,8}From /;

/** Mail programs announce a quotation by such a line; it may be broken in two. */
const ATTRIBUTION =
  /^(On|Am|Le|El|Il|Op|Den|W dniu)\b.{0,300}\b(wrote|writes|schrieb|écrit|escribió|scritto|schreef|skrev|pisze)\s?:\s*$/;
const ATTRIBUTION_START = /^(On|Am|Le|El|Il|Op|Den)\b.{0,200}\d/;
const ATTRIBUTION_END = /\b(wrote|writes|schrieb|écrit)\s?:\s*$/;
const ATTRIBUTION_SHORT = /^.{1,100}<[^<>\s]{1,100}> (wrote|writes):\s*$/;

/** The line announces the quotation that follows. */
export const isAttribution = (own: string): boolean => ATTRIBUTION.test(own) || ATTRIBUTION_SHORT.test(own);

/** The two lines together do. */
export const isBrokenAttribution = (own: string, next: string): boolean =>
  own.length < 300 && next.length < 300 && ATTRIBUTION_START.test(own) && ATTRIBUTION_END.test(next);

/** The name that an attribution gives, as well as it can be told; '' when it cannot. */
export function attributedName(own: string): string {
  const before = own.slice(0, 400).replace(/\s*\b(wrote|writes|schrieb|écrit)\s?:\s*$/, '');
  // "On Mon, Jan 19, 2026 at 01:25:00PM +0200, name" and "On 1/1/26 04:03, Surname, Name".
  const afterTime = /\d{1,2}:\d{2}(?::\d{2})?\s?(?:[AP]M)?(?:\s*[+-]\d{4})?(?:\s*\([A-Z]{2,5}\))?,?\s+(.*)$/.exec(
    before,
  )?.[1];
  const name = (afterTime ?? before.replace(/^On\b.{0,60}\d{4},?\s*/, '')).replace(/\s*<[^>]{0,100}>\s*$/, '').trim();
  return name.length > 80 ? '' : name;
}
