import { startArrival } from './arrival.ts';
import { commandOfKey, runCommand } from './commands.ts';
import { startFollowers } from './follow.ts';
import { keyName, ownsKey } from './keys.ts';
import { startLinkSync } from './link-sync.ts';
import { startSettings } from './settings.ts';
import { store } from './store.ts';

function onKey(e: KeyboardEvent): void {
  if (e.defaultPrevented || e.isComposing) return;
  const key = keyName(e);
  // A dialog has the keys to itself, also while it is still being loaded.
  if (store.getState().dialog !== null && key !== 'Mod+k') return;
  if (!key.startsWith('Mod+') && !key.startsWith('Alt+') && ownsKey(e.target, key)) return;
  const c = commandOfKey(key);
  if (c === undefined) return;
  e.preventDefault();
  runCommand(c);
}

// Reading what is dropped or pasted is a chunk of its own; the event's data is taken out before it loads.
function onDrop(e: DragEvent): void {
  e.preventDefault();
  const files = [...(e.dataTransfer?.files ?? [])];
  void import('./import.ts').then((i) => i.openFiles(files));
}

function onPaste(e: ClipboardEvent): void {
  const t = e.target;
  if (t instanceof HTMLInputElement || t instanceof HTMLTextAreaElement) return;
  const files = [...(e.clipboardData?.files ?? [])];
  const text = e.clipboardData?.getData('text/plain') ?? '';
  void import('./import.ts').then((i) => (files.length > 0 ? i.openFiles(files) : i.openPasted(text)));
}

/** Keeps the page for use without a network; a browser that will not is no reason to say anything. */
function keepOffline(): void {
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return;
  window.addEventListener('load', () => void navigator.serviceWorker.register('sw.js').catch(() => undefined));
}

/** `?embed` and `?embed=stage,transport`: the page is part of another one. */
function startEmbedded(): void {
  const asked = new URLSearchParams(location.search);
  const embed = asked.get('embed');
  if (embed === null) return;
  store.setState({ embed });
  void import('./embed.ts').then((e) => e.startEmbed(asked.get('embed-origin')));
}

/** Wires the page to the session; called once. */
export function startSession(): void {
  startSettings();
  startEmbedded();
  startFollowers();
  startArrival();
  document.addEventListener('keydown', onKey);
  document.addEventListener('dragover', (e) => e.preventDefault());
  document.addEventListener('drop', onDrop);
  document.addEventListener('paste', onPaste);
  window.addEventListener('unhandledrejection', (e) =>
    store.setState({ problem: { title: 'Something went wrong inside Walkscope', details: [String(e.reason)] } }),
  );
  store.subscribe((s, old) => {
    if (s.spec !== old.spec && s.spec !== null) document.title = `${s.spec.scenario.title} · Walkscope`;
  });
  startLinkSync();
  keepOffline();
}
