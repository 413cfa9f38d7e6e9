import { existsSync } from 'node:fs';
import { type Browser, type Page, chromium } from '@playwright/test';
import { preview } from 'vite';
import { BROWSER_FLAGS, chooseBrowser, thisComputer } from '../../scripts/chromium.ts';
import { freePort } from '../../scripts/port.ts';
import { type Row, median, quantile } from './measure.ts';

/** Size of the window, in CSS pixels. */
export const SIZE = { width: 1440, height: 900 };

/** Serves the build in `dist` to a browser and gives the rows of `measure`; none without a build or a browser. */
export async function inBrowser(
  dist: string,
  measure: (browser: Browser, address: string) => Promise<Row[]>,
): Promise<Row[]> {
  const choice = chooseBrowser(thisComputer(), 'measure');
  if (!existsSync(`${dist}/index.html`) || choice.kind !== 'use') {
    console.error('ui: no rows: npm run build first, and have a Chromium');
    return [];
  }
  const port = await freePort();
  const server = await preview({
    build: { outDir: dist },
    preview: { host: '127.0.0.1', port, strictPort: true },
  });
  const browser = await chromium.launch({ executablePath: choice.path, args: [...BROWSER_FLAGS] });
  try {
    return await measure(browser, `http://127.0.0.1:${port}/`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Median and 95th percentile, as rows. */
export const spread = (name: string, at: string, ms: readonly number[]): Row[] => [
  { name: `${name}_p50_ms${at}`, value: median(ms), unit: 'ms' },
  { name: `${name}_p95_ms${at}`, value: quantile(ms, 0.95), unit: 'ms' },
];

/** The loader wraps functions to keep their names; the page has to know the wrapper. */
export const KEEP_NAMES = 'globalThis.__name = (f) => f';

/** Opens a recording that takes a while to make; it is in place when its slider can be moved. */
export async function open(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: SIZE });
  await page.addInitScript(KEEP_NAMES);
  await page.goto(address);
  await page.waitForFunction(() => document.querySelector('input.scrubber:not(:disabled)') !== null, undefined, {
    polling: 'raf',
    timeout: 300_000,
  });
  // What was left for later on arrival is no part of what follows.
  await page.waitForTimeout(1000);
  return page;
}
