/** Panels of a storyboard at most. */
export const MOST_PANELS = 24;
/** Steps that a person may name at most. */
const MOST = 1000;

/** Steps as people write them, counted from 1: `62`, `40, 50-60`. Gives them counted from 0, or what is wrong. */
export function readSteps(
  text: string,
  length: number,
): { readonly ok: number[]; readonly error?: undefined } | { readonly ok?: undefined; readonly error: string } {
  const steps: number[] = [];
  const expected = `expected steps from 1 to ${length}, such as 3, 7-9`;
  for (const part of text.split(/[,;\s]+/).filter(Boolean)) {
    const [, first = '', last = first] = /^(\d{1,9})(?:(?:-|\.\.|–)(\d{1,9}))?$/.exec(part) ?? [];
    const from = Number(first);
    const to = Number(last);
    if (first === '' || from < 1 || to > length || to < from) return { error: `“${part.slice(0, 20)}”: ${expected}.` };
    if (steps.length + to - from >= MOST) return { error: `More than ${MOST} steps.` };
    for (let s = from; s <= to; s++) steps.push(s - 1);
  }
  return steps.length === 0 ? { error: `Nothing is named: ${expected}.` } : { ok: steps };
}
