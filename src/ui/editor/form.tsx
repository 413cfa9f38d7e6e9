import { type ReactNode, useState } from 'react';
import type { Choice, Flag } from '../../scenario/edit/choices.ts';

/** A group of fields with a heading. */
export function Group({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <fieldset className="form-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

/** One of several values; what the chosen one means stands below. */
export function Pick({
  label,
  value,
  options,
  onPick,
}: {
  label: string;
  value: string;
  options: readonly Choice[];
  onPick: (value: string) => void;
}): ReactNode {
  const about = options.find((o) => o.value === value)?.about;
  return (
    <label className="form-row">
      <span>{label}</span>
      <select className="field small" value={value} onChange={(e) => onPick(e.target.value)}>
        {options.map((o) => (
          <option key={o.value} value={o.value} title={o.about}>
            {o.title}
          </option>
        ))}
      </select>
      {about === undefined || about === '' ? null : <small>{about}</small>}
    </label>
  );
}

/** Yes or no, with what it means. */
export function Check({
  flag,
  on,
  onSet,
}: {
  flag: Pick<Flag, 'title' | 'about'>;
  on: boolean;
  onSet: (on: boolean) => void;
}): ReactNode {
  return (
    <label className="form-check">
      <input type="checkbox" checked={on} onChange={(e) => onSet(e.target.checked)} />
      <span>{flag.title}</span>
      <small>{flag.about}</small>
    </label>
  );
}

/** A whole number; it counts when the field is left or Enter is pressed, and only if it is one. */
export function NumberField({
  label,
  value,
  min,
  max,
  about,
  onSet,
}: {
  label: string;
  value: number;
  min?: number;
  max?: number;
  about?: string;
  onSet: (value: number) => void;
}): ReactNode {
  // What is being typed; null while nobody types.
  const [text, setText] = useState<string | null>(null);
  const settle = (): void => {
    if (text === null) return;
    setText(null);
    const n = Number(text);
    const fits = text.trim() !== '' && Number.isInteger(n) && n >= (min ?? -Infinity) && n <= (max ?? Infinity);
    if (fits && n !== value) onSet(n);
  };
  return (
    <label className="form-row">
      <span>{label}</span>
      <input
        className="field small number"
        type="number"
        inputMode="numeric"
        value={text ?? value}
        min={min}
        max={max}
        onChange={(e) => setText(e.target.value)}
        onBlur={settle}
        onKeyDown={(e) => {
          if (e.key === 'Enter') settle();
        }}
      />
      {about === undefined ? null : <small>{about}</small>}
    </label>
  );
}
