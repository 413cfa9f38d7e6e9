/*
 * The service worker: keeps every file of the build, so that the page opens and works without a network. The build puts
 * the list of files in place of FILES (scripts/offline.ts); another build has another list, hence another worker.
 *
 * The page itself is asked for first, so that whoever is online sees the newest build; its parts bear their hash in
 * their name and come from what is kept. An older build's parts stay until no page of it is open any more.
 */

/** Addresses from the page's folder, and a name for this build. */
declare const FILES: { readonly build: string; readonly paths: readonly string[] };

interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskingEvent extends WaitingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
}

const { registration, clients } = globalThis as unknown as WorkerScope;
const PREFIX = 'walkscope-';
const { build, paths } = FILES;
const NAME = PREFIX + build;
const PAGE = 'index.html';
/** Milliseconds that the network has for the page, before the page that is kept is shown. */
const PATIENCE = 3000;

const address = (path: string): string => new URL(path, registration.scope).href;
const kept = new Set(paths.map(address));

async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  await cache.addAll([...kept].map((url) => new Request(url, { cache: 'no-cache' })));
}

async function forgetOlder(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith(PREFIX) && n !== NAME).map((n) => caches.delete(n)));
  await clients.claim();
}

async function pageFrom(request: Request): Promise<Response> {
  const own = await caches.match(address(PAGE));
  if (own === undefined) return fetch(request);
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return own;
  }
}

async function partFrom(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

self.addEventListener('install', (e) => (e as WaitingEvent).waitUntil(keepAll()));
self.addEventListener('activate', (e) => (e as WaitingEvent).waitUntil(forgetOlder()));
self.addEventListener('fetch', (e) => {
  const asked = e as AskingEvent;
  const { request } = asked;
  const url = request.url.replace(/[?#].*$/, '');
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate' && [registration.scope, address(PAGE)].includes(url))
    asked.respondWith(pageFrom(request));
  else if (kept.has(url)) asked.respondWith(partFrom(request));
});
