/**
 * Keys as commands name them: `ArrowRight`, `Shift+ArrowRight`, `Mod+k` (Ctrl, or Cmd on a Mac), `?`.
 * A printable key that needs Shift on some keyboards ("?") is named without it.
 */
export function keyName(e: KeyboardEvent): string {
  const key = e.key === ' ' ? 'Space' : e.key.length === 1 ? e.key.toLowerCase() : e.key;
  const letter = /^[a-z]$/.test(key) || e.key.length > 1 || key === 'Space';
  return `${e.ctrlKey || e.metaKey ? 'Mod+' : ''}${e.altKey ? 'Alt+' : ''}${e.shiftKey && letter ? 'Shift+' : ''}${key}`;
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  Escape: 'Esc',
};

/** A key as the person reads it. */
export function shownKey(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'Mod' ? 'Ctrl' : (SHOWN[part] ?? (/^[a-z]$/.test(part) ? part.toUpperCase() : part))))
    .join(' + ');
}

/** True when a key pressed there is text or belongs to the control itself. */
export function ownsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return inputOwns(target.type, key);
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement || target.role === 'button')
    return key === 'Space' || key === 'Enter';
  // Lists, tabs, grids and separators move their own focus.
  return /Arrow|Home|End|Page|Enter|Space/.test(key) && target.closest('[data-own-keys]') !== null;
}

function inputOwns(type: string, key: string): boolean {
  if (type === 'range') return /Arrow|Home|End|Page/.test(key);
  // Arrows choose among radio buttons; a clicker's Page keys are not theirs.
  if (type === 'radio' || type === 'checkbox') return /Arrow|Space|Enter/.test(key);
  // A number has no pages: a clicker's keys, and the way out, are the page's.
  return type !== 'number' || !/Page|Escape/.test(key);
}
