/**
 * Where an ascending list of whole numbers passes `x`: the index in [from, to) of the first element that is greater, `to`
 * when there is none. In a whole list that is the number of elements at most `x`.
 */
export function indexAbove(list: Int32Array | Uint32Array, x: number, from = 0, to = list.length): number {
  let lo = from;
  let hi = to;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((list[mid] as number) <= x) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
