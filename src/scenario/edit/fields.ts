/** A place in a scenario: names and indices, as in `entries`, 3, `folio`, `order`. */
export type Path = readonly (string | number)[];

/** Reads `entries[3].folio.order`, as problems write it. */
export function pathOf(text: string): Path {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map((m) => (m[2] === undefined ? (m[1] as string) : Number(m[2])));
}

type Box = Readonly<Record<string | number, unknown>>;

/** What stands at a path, undefined when nothing does. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Box)[key] : undefined),
    root,
  );
}

/** A copy of `root` with `value` at the path; `undefined` takes the field or the list's item away. Boxes in between are made. */
export function withValue<T>(root: T, path: Path, value: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  const next = rest.length === 0 ? value : withValue(valueAt(root, [key]) ?? {}, rest, value);
  if (Array.isArray(root)) {
    const list: readonly unknown[] = root;
    const index = Number(key);
    return (
      next === undefined ? list.filter((_, i) => i !== index) : list.map((x, i) => (i === index ? next : x))
    ) as T;
  }
  const { [key]: _, ...others } = root as Box;
  return (next === undefined || isEmpty(next, key) ? others : { ...(root as Box), [key]: next }) as T;
}

/** A folio or a list of conditions without anything in it is the same as none. */
const isEmpty = (value: unknown, key: string | number): boolean =>
  (key === 'folio' || key === 'slot' || key === 'conditions') &&
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length === 0;
