/**
 * Field tables. A layout names every bit of a 64-bit word once; encoding, decoding, the masks of the hot paths,
 * the tests and the inspector all read the same table.
 */

/** A run of bits in a 64-bit word. */
export interface Field {
  /** Short name, unique in the layout; for a flag, the kernel's without its prefix. */
  readonly name: string;
  /** The kernel's full name, if it has one. */
  readonly kernel?: string;
  /** Lowest bit, 0..63. */
  readonly bit: number;
  /** Number of bits. */
  readonly width: number;
  /** What the field holds; for a flag, what it says when set. */
  readonly doc: string;
  /** For a flag: what it says when clear. */
  readonly clear?: string;
  /** The bits are stored inverted (the L1TF defence of x86-64). */
  readonly inverted?: boolean;
  /** The stored bits are `value >> shift`: a huge page's frame number without its zero low bits. */
  readonly shift?: number;
  /** Shown as hexadecimal rather than decimal. */
  readonly hex?: boolean;
  /** Names of particular values. */
  readonly values?: Readonly<Record<number, string>>;
  /** Nothing lives here: normally zero. */
  readonly reserved?: boolean;
}

/** Every bit of one kind of word, lowest field first, without gaps or overlaps. */
export interface Layout {
  readonly id: string;
  readonly title: string;
  readonly width: 64;
  readonly fields: readonly Field[];
}

/** One field of one word. */
export interface DecodedField {
  readonly field: Field;
  readonly value: bigint;
  readonly meaning: string;
}

/** A one-bit field. */
export function flag(bit: number, name: string, doc: string, clear?: string, inverted = false): Field {
  return { name, bit, width: 1, doc, ...(clear === undefined ? {} : { clear }), ...(inverted ? { inverted } : {}) };
}

/** Bits nothing uses; `inverted` where they are normally all ones. */
export function unused(bit: number, width: number, doc = 'not used', inverted = false): Field {
  const name = width === 1 ? `bit ${bit}` : `bits ${bit}..${bit + width - 1}`;
  return {
    name,
    bit,
    width,
    doc,
    reserved: true,
    ...(inverted ? { inverted } : {}),
    ...(width > 1 ? { hex: true } : {}),
  };
}

/** The same fields with the kernel's full names: `prefix` and the short name. */
export function kernelNamed(prefix: string, fields: readonly Field[]): readonly Field[] {
  return fields.map((field) => ({ ...field, kernel: prefix + field.name }));
}

/** Builds a layout from its fields in any order; gaps become unused fields, overlaps and repeated names throw. */
export function defineLayout(id: string, title: string, fields: readonly Field[]): Layout {
  const tiles: Field[] = [];
  const names = new Set<string>();
  let next = 0;
  for (const field of fields.toSorted((a, b) => a.bit - b.bit)) {
    if (field.bit < next || field.bit + field.width > 64 || names.has(field.name)) {
      throw new RangeError(`layout ${id}: ${field.name} overlaps, repeats or leaves the word at bit ${field.bit}`);
    }
    if (field.bit > next) tiles.push(unused(next, field.bit - next));
    tiles.push(field);
    names.add(field.name);
    next = field.bit + field.width;
  }
  if (next < 64) tiles.push(unused(next, 64 - next));
  return Object.freeze({ id, title, width: 64, fields: Object.freeze(tiles) });
}

/** The field of that name; throws if the layout has none. */
export function fieldOf(layout: Layout, name: string): Field {
  const field = layout.fields.find((f) => f.name === name);
  if (field === undefined) throw new RangeError(`layout ${layout.id} has no field ${name}`);
  return field;
}

/** The mask of a field that lies in bits 0..31, as a signed 32-bit integer. */
export function maskLo(layout: Layout, name: string): number {
  const { bit, width } = fieldOf(layout, name);
  if (bit + width > 32) throw new RangeError(`${layout.id}.${name} is not in the low half`);
  return ((2 ** width - 1) * 2 ** bit) | 0;
}

/** The mask, within the high half, of a field that lies in bits 32..63, as a signed 32-bit integer. */
export function maskHi(layout: Layout, name: string): number {
  const { bit, width } = fieldOf(layout, name);
  if (bit < 32) throw new RangeError(`${layout.id}.${name} is not in the high half`);
  return ((2 ** width - 1) * 2 ** (bit - 32)) | 0;
}

/** What `value` says in `field`, in words. */
export function meaningOf(field: Field, value: bigint): string {
  const named = field.values?.[Number(value)];
  if (named !== undefined) return named;
  if (field.reserved) return value === 0n ? field.doc : `${field.doc}; unexpectedly set`;
  if (field.width > 1 || value === 1n) return field.doc;
  return field.clear ?? `not set (${field.doc})`;
}

/** The value of one field in `word`, with inversion undone and in the field's own unit. */
export function getField(field: Field, word: bigint): bigint {
  const stored = BigInt.asUintN(field.width, (field.inverted ? ~word : word) >> BigInt(field.bit));
  return stored << BigInt(field.shift ?? 0);
}

/** Every field of `word`, lowest first. */
export function decodeFields(layout: Layout, word: bigint): DecodedField[] {
  return layout.fields.map((field) => {
    const value = getField(field, word);
    return { field, value, meaning: meaningOf(field, value) };
  });
}

/** The word with these field values; fields left out are zero. Throws on an unknown name or a value that does not fit. */
export function encodeFields(layout: Layout, values: Readonly<Record<string, bigint | number>>): bigint {
  for (const name of Object.keys(values)) fieldOf(layout, name);
  let word = 0n;
  for (const field of layout.fields) {
    const value = BigInt(values[field.name] ?? 0);
    const stored = value >> BigInt(field.shift ?? 0);
    if (value < 0n || stored >> BigInt(field.width) !== 0n || stored << BigInt(field.shift ?? 0) !== value) {
      throw new RangeError(`${layout.id}.${field.name} cannot hold ${value}`);
    }
    word |= BigInt.asUintN(field.width, field.inverted ? ~stored : stored) << BigInt(field.bit);
  }
  return word;
}
