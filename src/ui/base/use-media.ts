import { useSyncExternalStore } from 'react';
import { useApp } from './use-app.ts';

const lists = new Map<string, MediaQueryList>();

function listOf(query: string): MediaQueryList {
  const known = lists.get(query) ?? matchMedia(query);
  lists.set(query, known);
  return known;
}

/** Whether a media query matches now. */
export function useMedia(query: string): boolean {
  const list = listOf(query);
  return useSyncExternalStore(
    (changed) => {
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => list.matches,
  );
}

/** Whether the page is dark now, by choice or by the system. */
export function useDarkTheme(): boolean {
  const theme = useApp((s) => s.theme);
  const dark = useMedia('(prefers-color-scheme: dark)');
  return theme === 'auto' ? dark : theme === 'dark';
}

/** Whether the person wants no movement. */
export function useReducedMotion(): boolean {
  return useMedia('(prefers-reduced-motion: reduce)');
}
