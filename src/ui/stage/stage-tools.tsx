import type { ReactNode } from 'react';

export interface StageToolsProps {
  readonly level: string;
  readonly pinned: boolean;
  readonly asText: boolean;
  readonly onZoom: (direction: 1 | -1 | 0) => void;
  readonly onPin: () => void;
  readonly onText: () => void;
}

/** Zoom, pin and text: the stage's own buttons. */
export function StageTools({ level, pinned, asText, onZoom, onPin, onText }: StageToolsProps): ReactNode {
  return (
    <div className="stage-tools" role="toolbar" aria-label="Stage">
      <button type="button" onClick={() => onZoom(-1)} aria-label="Zoom out" title="Zoom out (-)">
        −
      </button>
      <button type="button" className="stage-level" onClick={() => onZoom(0)} title="Back to the tables (0)">
        {level}
      </button>
      <button type="button" onClick={() => onZoom(1)} aria-label="Zoom in" title="Zoom in (+)">
        +
      </button>
      <button
        type="button"
        className="stage-pin"
        aria-pressed={pinned}
        onClick={onPin}
        title={pinned ? 'Follow the walker again (Esc)' : 'Keep this page in view (Enter on an entry)'}
      >
        {pinned ? 'Pinned' : 'Follows'}
      </button>
      <button type="button" aria-pressed={asText} onClick={onText} title="The stage as tables of words">
        Text
      </button>
    </div>
  );
}
