import { PANE_IDS, TEXT_TABS } from '../tour/panes.ts';
import { type AppState, THEMES, store } from './store.ts';

/** What the browser keeps between visits. Storage may be missing or forbidden: then everything works, unremembered. */
export const storage = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(`walkscope.${key}`);
    } catch {
      return null;
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(`walkscope.${key}`, value);
    } catch {
      // Nothing is lost but the convenience.
    }
  },
};

// Read by hand: a parser library would be the largest part of what this file makes the first load wait for.
const VOICES: readonly AppState['voice'][] = ['student', 'reviewer'];
const MOST_SPEED = 1e6;

const oneOf = <T>(known: readonly T[], value: unknown): T | undefined => known.find((k) => k === value);

const KEY = 'settings';

/** What was remembered and still makes sense; the rest is as it is for a first visit. */
function read(): Partial<AppState> {
  let json: unknown;
  try {
    json = JSON.parse(storage.getItem(KEY) ?? 'null');
  } catch {
    return {};
  }
  if (typeof json !== 'object' || json === null) return {};
  const kept = json as Readonly<Record<string, unknown>>;
  const voice = oneOf(VOICES, kept['voice']);
  const theme = oneOf(THEMES, kept['theme']);
  const tab = oneOf(TEXT_TABS, kept['tab']);
  const { speed, closed } = kept;
  return {
    ...(voice === undefined ? {} : { voice }),
    ...(theme === undefined ? {} : { theme }),
    ...(tab === undefined ? {} : { tab }),
    ...(typeof speed === 'number' && speed >= 1 && speed <= MOST_SPEED ? { speed } : {}),
    ...(Array.isArray(closed) ? { closed: new Set(PANE_IDS.filter((p) => closed.includes(p))) } : {}),
  };
}

/** Takes over what was remembered, remembers changes from now on, and keeps the theme on the root element. */
export function startSettings(): void {
  store.setState(read());
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = (): void => {
    const { theme } = store.getState();
    document.documentElement.dataset['theme'] = theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  show();
  dark.addEventListener('change', show);
  store.subscribe((s, old) => {
    if (s.theme !== old.theme) show();
    // The panes of a tour are its own.
    if (s.guide === 'tour') return;
    if (
      s.voice === old.voice &&
      s.theme === old.theme &&
      s.speed === old.speed &&
      s.tab === old.tab &&
      s.closed === old.closed
    )
      return;
    const { voice, theme, speed, tab, closed } = s;
    storage.setItem(KEY, JSON.stringify({ voice, theme, speed, tab, closed: [...closed] }));
  });
}
