import type { ReactNode } from 'react';
import type { ExplainedField, Explanation } from '../../machine/words/explain.ts';

/** The part of a field that lies in one half of the word. */
interface Piece {
  readonly field: ExplainedField;
  /** highest bit of the piece, and how many */
  readonly top: number;
  readonly width: number;
  /** the larger piece of a field carries its name */
  readonly named: boolean;
}

/** A 64-bit word as two lines of 32 cells, bit 63 first, grouped in its fields, with the meaning of each below. */
export function WordBits({
  word,
  explanation,
  before,
}: {
  word: bigint;
  explanation: Explanation;
  before?: bigint | undefined;
}): ReactNode {
  const fields = explanation.fields.toReversed();
  return (
    <div className="word-bits">
      {[32, 0].map((low) => (
        <div
          key={low}
          className="word-half"
          role="img"
          aria-label={`Bits ${low + 31} to ${low}: ${BigInt.asUintN(32, word >> BigInt(low))
            .toString(2)
            .padStart(32, '0')}`}
        >
          {piecesOf(fields, low).map((p) => (
            <Bits key={p.top} piece={p} low={low} word={word} before={before} />
          ))}
        </div>
      ))}
      <dl className="word-meanings">
        {fields
          .filter((f) => !f.reserved && (f.value !== 0n || f.width > 1))
          .map((f) => (
            <div key={f.bit}>
              <dt>
                {f.kernel ?? f.name}
                {f.width === 1 ? '' : ` = ${f.shown}`}
              </dt>
              <dd>
                {f.meaning}
                {f.inverted && f.width === 1 ? ' (stored inverted)' : ''}
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

function piecesOf(fields: readonly ExplainedField[], low: number): readonly Piece[] {
  return fields.flatMap((field): readonly Piece[] => {
    const top = Math.min(field.bit + field.width - 1, low + 31);
    const bottom = Math.max(field.bit, low);
    const width = top - bottom + 1;
    return width <= 0
      ? []
      : [{ field, top, width, named: width * 2 > field.width || (width * 2 === field.width && low === 32) }];
  });
}

function Bits({
  piece,
  low,
  word,
  before,
}: {
  piece: Piece;
  low: number;
  word: bigint;
  before: bigint | undefined;
}): ReactNode {
  const { field, top, width, named } = piece;
  const bottom = top - width + 1;
  const bits = bitsOf(word, bottom, width);
  const changed = before !== undefined && bits !== bitsOf(before, bottom, width);
  const label = !named || field.reserved ? '' : width >= 4 ? `${field.name} ${field.shown}` : field.name;
  return (
    <div
      className={`word-field${field.reserved ? ' reserved' : ''}${field.value === 0n ? '' : ' set'}${changed ? ' changed' : ''}`}
      style={{ gridColumn: `${low + 32 - top} / span ${width}` }}
    >
      <span className="bit-range">{width === 1 ? top : `${top}–${bottom}`}</span>
      <span className="bit-cells">
        {Array.from(bits, (b, i) => (
          // The place in the field is what a bit is.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={i} className={b === '1' ? 'bit one' : 'bit'}>
            {b}
          </span>
        ))}
      </span>
      <span className={width >= 4 ? 'field-name' : 'field-name upright'} title={field.kernel ?? field.name}>
        {label}
      </span>
    </div>
  );
}

const bitsOf = (word: bigint, bit: number, width: number): string =>
  BigInt.asUintN(width, word >> BigInt(bit))
    .toString(2)
    .padStart(width, '0');
