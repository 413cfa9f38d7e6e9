import { test as base, expect } from '@playwright/test';

/** The page asks its own host only, and one that is a file asks nobody. */
function isTrespass(address: string, base: string): boolean {
  const { protocol, origin } = new URL(address);
  if (base.startsWith('file:'))
    return protocol !== 'blob:' && protocol !== 'data:' && address.replace(/#.*/, '') !== base;
  return protocol.startsWith('http') && origin !== new URL(base).origin;
}

/**
 * The `test` every end-to-end test uses. Beside what it tests itself, each fails on anything the page should never do:
 * an error on the console (a broken content policy is one), an uncaught exception, a request to another host.
 */
export const test = base.extend<{ noTrespass: void }>({
  noTrespass: [
    async ({ page, baseURL }, use) => {
      const trespasses: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') trespasses.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => trespasses.push(`exception: ${error.stack ?? error.message}`));
      page.on('request', (request) => {
        if (isTrespass(request.url(), baseURL ?? '')) trespasses.push(`request: ${request.url()}`);
      });
      await use();
      expect(trespasses).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
