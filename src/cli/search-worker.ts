import { Driver, type SearchRequest } from '../check/explorer/drive.ts';

/** One process of `npm run cli -- search`: started by search-run.ts, which it hears and answers. */
const driver = new Driver({
  post: (reply) => process.send?.(reply),
  now: () => performance.now(),
  later: (what) => setImmediate(what),
});

process.on('message', (request: SearchRequest) => driver.hear(request));
process.on('disconnect', () => process.exit(0));
