import { Driver, type SearchRequest } from '../check/explorer/drive.ts';

/** Searches off the page's thread; see drive.ts for what is said. To end it, terminate the worker. */
const driver = new Driver({
  post: (reply) => self.postMessage(reply),
  now: () => performance.now(),
  later: (what) => setTimeout(what, 0),
});

self.addEventListener('message', (e: MessageEvent<SearchRequest>) => driver.hear(e.data));
