/**
 * 64-bit words. The machine keeps a word as two signed 32-bit integers (lo = bits 0..31, hi = bits 32..63), because
 * BigInt arithmetic allocates; BigInt appears only at the edge, where a word is printed, parsed or explained.
 */

/** The word as the kernel would print it with `0x%016llx`: always 16 hexadecimal digits. */
export function hex(lo: number, hi: number): string {
  return `0x${(hi >>> 0).toString(16).padStart(8, '0')}${(lo >>> 0).toString(16).padStart(8, '0')}`;
}

/** The word as one unsigned BigInt. For the edge only. */
export function toBig(lo: number, hi: number): bigint {
  return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
}

/** Bits 0..31 as a signed 32-bit integer. */
export function loOf(word: bigint): number {
  return Number(BigInt.asIntN(32, word));
}

/** Bits 32..63 as a signed 32-bit integer. */
export function hiOf(word: bigint): number {
  return Number(BigInt.asIntN(32, word >> 32n));
}

/** Why a text is not a word. */
export interface HexError {
  readonly error: string;
}

const HEX_WORD = /^(?:0x)?([0-9a-f]{1,16})$/i;

/** Reads up to 16 hexadecimal digits, with or without `0x`; underscores and surrounding blanks are allowed. */
export function parseHex(text: string): bigint | HexError {
  const digits = HEX_WORD.exec(text.trim().replace(/(?<=[0-9a-f])_(?=[0-9a-f])/gi, ''))?.[1];
  if (digits === undefined) {
    return { error: `"${text}" is not a 64-bit word: expected 1 to 16 hexadecimal digits, such as 0x8200000000000000` };
  }
  return BigInt(`0x${digits}`);
}
