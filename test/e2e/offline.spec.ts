import { readFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { AddressInfo } from 'node:net';
import { expect, test } from './page.ts';
import { ready } from './support.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** A server of the build that can be switched off, which no setting of the browser can undo. */
function serveBuild(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '', 'http://x').pathname);
    const file = path.endsWith('/') ? `${path}index.html` : path;
    readFile(join('dist', file)).then(
      (bytes) => response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

test.describe('without a network', () => {
  let server: Server;
  test.use({
    serviceWorkers: 'allow',
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from the pattern
    baseURL: async ({}, give) => {
      server = await serveBuild();
      await give(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await close(server);
    },
  });

  test('the page opens again, and every part that loads later is there', async ({ page }) => {
    await page.goto('./');
    await ready(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await close(server);
    await page.goto('./#1/mixed/n=100');
    await page.reload();
    await ready(page);
    for (const [key, title] of [
      ['a', 'About the model'],
      ['?', 'Keys'],
      ['w', 'Fix switches'],
      ['c', 'Scenarios'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(page.getByRole('dialog', { name: title })).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.keyboard.press('i');
    await page.locator('.samples button').first().click();
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 30_000 });
    await ready(page);
  });

  test('the page can be installed', async ({ page }) => {
    await page.goto('./');
    const client = await page.context().newCDPSession(page);
    const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
    // A private window, which tests run in, cannot install anything: the only objection allowed.
    expect(installabilityErrors.map((e) => e.errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
    const { errors, data } = await client.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(data).toContain('Walkscope');
  });
});
