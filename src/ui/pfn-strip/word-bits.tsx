import type { ReactNode } from 'react';
import type { Explanation } from '../../machine/words/explain.ts';

/** A 64-bit word as 64 cells, bit 63 first, grouped in its fields; each field with its name, value and meaning below. */
export function WordBits({ word, explanation, before }: { word: bigint; explanation: Explanation; before?: bigint | undefined }): ReactNode {
  const fields = explanation.fields.toReversed();
  return (
    <div className="word-bits">
      <ol className="word-fields" aria-label="Bit fields, highest first">
        {fields.map((f) => {
          const bits = bitsOf(word, f.bit, f.width);
          const changed = before !== undefined && bits !== bitsOf(before, f.bit, f.width);
          const set = f.value !== 0n;
          return (
            <li key={f.bit} className={`word-field${f.reserved ? ' reserved' : ''}${set ? ' set' : ''}${changed ? ' changed' : ''}`}>
              <span className="bit-cells" aria-hidden="true">
                {[...bits].map((b, i) => (
                  // The place in the field is what a bit is.
                  // oxlint-disable-next-line react/no-array-index-key
                  <span key={i} className={b === '1' ? 'bit one' : 'bit'}>
                    {b}
                  </span>
                ))}
              </span>
              <span className="bit-range">{f.width === 1 ? f.bit : `${f.bit + f.width - 1}–${f.bit}`}</span>
              <span className="field-name" title={f.kernel ?? f.name}>
                {f.name}
              </span>
              <span className="field-value">{f.width === 1 ? '' : f.shown}</span>
            </li>
          );
        })}
      </ol>
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
                {f.inverted ? ' (bits stored inverted)' : ''}
              </dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

const bitsOf = (word: bigint, bit: number, width: number): string => BigInt.asUintN(width, word >> BigInt(bit)).toString(2).padStart(width, '0');
