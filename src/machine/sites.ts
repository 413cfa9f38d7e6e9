/**
 * Sites: the named statements of the simulated kernel code. A site id packs the function's place in
 * the list below and the label's place in the function:  15..5 function | 4..0 label,
 * so ids are the same in every build, whatever the order in which modules load.
 */
export interface SiteInfo {
  readonly id: number;
  readonly fn: string;
  readonly label: string;
  /** what happens there, with operands as `{a:page addr}`: operand, format, and (optionally) the local's name */
  readonly text: string;
}

export interface FunctionInfo {
  readonly name: string;
  /** kernel source file the function belongs to */
  readonly file: string;
}

const functions: FunctionInfo[] = [];
const functionIndex = new Map<string, number>();
const table = new Map<number, SiteInfo>();

/** Fixes the order of the functions; called once, by kernel/functions.ts, before any `sites`. */
export function declareFunctions(list: readonly (readonly [file: string, names: string])[]): void {
  for (const [file, names] of list)
    for (const name of names.trim().split(/\s+/)) {
      if (functionIndex.has(name)) throw new Error(`function ${name} is declared twice`);
      functionIndex.set(name, functions.length);
      functions.push({ name, file });
    }
  if (functions.length > 2048) throw new RangeError('a site id has room for 2048 functions');
}

/**
 * Declares the sites of one function and gives their ids by label.
 * @param labels label → text; at most 32.
 */
export function sites<const L extends Record<string, string>>(
  fn: string,
  labels: L,
): { readonly [K in keyof L]: number } {
  const index = functionIndex.get(fn);
  if (index === undefined) throw new Error(`sites('${fn}'): not in the list of kernel/functions.ts`);
  const ids: Record<string, number> = {};
  let n = 0;
  for (const [label, text] of Object.entries(labels)) {
    if (n === 32) throw new RangeError(`${fn}: more than 32 sites`);
    const id = (index << 5) | n++;
    if (table.has(id)) throw new Error(`sites of ${fn} are declared twice`);
    table.set(id, { id, fn, label, text });
    ids[label] = id;
  }
  return Object.freeze(ids) as { readonly [K in keyof L]: number };
}

/** The site with this id; throws when there is none. */
export function siteInfo(id: number): SiteInfo {
  const s = table.get(id);
  if (!s) throw new Error(`no site ${id}`);
  return s;
}

/** The function a site belongs to. */
export function functionOfSite(id: number): FunctionInfo {
  return functions[id >> 5] as FunctionInfo;
}

/** Every function of the model, in the order of their numbers. */
export function allFunctions(): readonly FunctionInfo[] {
  return functions;
}

/** All declared sites, by id. */
export function allSites(): readonly SiteInfo[] {
  return [...table.values()].toSorted((x, y) => x.id - y.id);
}

/** The site named `function:label`, if any. */
export function siteNamed(name: string): SiteInfo | undefined {
  for (const s of table.values()) if (`${s.fn}:${s.label}` === name) return s;
  return undefined;
}
