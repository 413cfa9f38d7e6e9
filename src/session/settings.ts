import * as v from 'valibot';
import { type AppState, store } from './store.ts';

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

const Settings = v.partial(
  v.object({
    voice: v.picklist(['student', 'reviewer']),
    theme: v.picklist(['auto', 'light', 'dark', 'projector']),
    speed: v.pipe(v.number(), v.minValue(1), v.maxValue(1e6)),
    tab: v.picklist([
      'frame',
      'log',
      'tables',
      'folios',
      'locks',
      'findings',
      'scenario',
      'cost',
      'schedule',
      'search',
    ]),
    closed: v.array(v.picklist(['stage', 'pfns', 'code', 'text', 'timeline'])),
  }),
);

const KEY = 'settings';

function read(): Partial<AppState> {
  const text = storage.getItem(KEY);
  if (text === null) return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const parsed = v.safeParse(Settings, json);
  if (!parsed.success) return {};
  const { voice, theme, speed, tab, closed } = parsed.output;
  return {
    ...(voice === undefined ? {} : { voice }),
    ...(theme === undefined ? {} : { theme }),
    ...(speed === undefined ? {} : { speed }),
    ...(tab === undefined ? {} : { tab }),
    ...(closed === undefined ? {} : { closed: new Set(closed) }),
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
