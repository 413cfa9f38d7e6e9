/**
 * npm run test:e2e [-- playwright's arguments]: builds the app, finds or obtains a browser, and runs the end-to-end
 * tests on the build. Set WALKSCOPE_BUILT=1 to test the builds that are already in dist and dist-single.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { build } from 'vite';
import { ensureBrowser } from './chromium.ts';
import { freePort } from './port.ts';
import { buildSingle } from './single.ts';

const say = (line: string): void => console.log(line);

try {
  const browser = ensureBrowser(say);
  if (process.env['WALKSCOPE_BUILT'] !== '1') {
    await build({ logLevel: 'warn' });
    await buildSingle();
  }
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const { status } = spawnSync(process.execPath, [cli, 'test', ...process.argv.slice(2)], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, WALKSCOPE_CHROMIUM: browser, WALKSCOPE_PORT: String(await freePort()) },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
