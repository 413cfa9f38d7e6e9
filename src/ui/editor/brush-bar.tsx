import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { ERASER, HUGE_BRUSHES, type NamedBrush, SMALL_BRUSHES } from '../../scenario/edit/brushes.ts';
import { editor, paintSelection } from '../../session/editor.ts';

/** What one paints with: a click paints the selected pages. */
export function BrushBar(): ReactNode {
  const brush = useStore(editor, (s) => s.brush);
  return (
    <div className="brushes">
      <Brushes label="Pages" brushes={[...SMALL_BRUSHES, ERASER]} now={brush} />
      <Brushes label="2 MiB" brushes={HUGE_BRUSHES} now={brush} />
      <p className="hint" aria-live="polite">
        <b>{brush.title}.</b> {brush.about}
      </p>
    </div>
  );
}

function Brushes({
  label,
  brushes,
  now,
}: {
  label: string;
  brushes: readonly NamedBrush[];
  now: NamedBrush;
}): ReactNode {
  return (
    <div className="brush-line" role="group" aria-label={`Brushes: ${label}`}>
      <span className="hint">{label}</span>
      {brushes.map((b) => (
        <button
          key={b.word}
          type="button"
          className="button mini"
          aria-pressed={b === now}
          title={`${b.title}. ${b.about}`}
          aria-label={b.title}
          onClick={() => {
            editor.setState({ brush: b });
            paintSelection(b);
          }}
        >
          {b.word}
        </button>
      ))}
    </div>
  );
}
