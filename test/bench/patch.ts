/**
 * Reviewing a patch in the built page, milliseconds on the wall, median of several fresh pages:
 *
 * | row | from … to |
 * | --- | --- |
 * | patch.series_ms | a series of six patches is pasted … its lines are painted |
 * | patch.54k_first_paint_ms | a diff of 54,000 lines is pasted … its first lines are painted |
 * | patch.54k_whole_ms | … the whole of it can be scrolled |
 *
 * The form for pasting is open, so its code and the reader's worker are loaded already.
 */
import type { Browser } from '@playwright/test';
import { largeDiff } from '../support/patch-fixture.ts';
import { sixPatches } from '../support/patch-series.ts';
import { SIZE, inBrowser } from './browser.ts';
import { type Row, median } from './measure.ts';

const ROUNDS = 5;

/** Rows for the built page; none without a build or a browser. */
export const patchRows = (dist: string): Promise<Row[]> =>
  inBrowser(dist, async (browser, address) => {
    const series: number[] = [];
    const first: number[] = [];
    const whole: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      series.push((await pasting(browser, address, sixPatches())).first);
      const large = await pasting(browser, address, largeDiff(54_000));
      first.push(large.first);
      whole.push(large.whole);
    }
    return [
      { name: 'patch.series_ms', value: median(series), unit: 'ms' },
      { name: 'patch.54k_first_paint_ms', value: median(first), unit: 'ms' },
      { name: 'patch.54k_whole_ms', value: median(whole), unit: 'ms' },
    ];
  });

async function pasting(browser: Browser, address: string, text: string): Promise<{ first: number; whole: number }> {
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(address);
  await page
    .locator('.position')
    .filter({ hasText: /of [1-9]/ })
    .waitFor();
  await page.keyboard.press('Shift+d');
  await page.locator('.patch-open textarea').waitFor();
  // The worker starts with the form; a person takes longer than this to paste.
  await page.waitForTimeout(1500);
  const times = await page.locator('.patch-open textarea').evaluate(async (field, pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    const start = performance.now();
    let first = 0;
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    for (;;) {
      // What is in the document before a frame has been painted after it.
      const shown = document.querySelector('.patch-row') !== null;
      const whole = shown && document.querySelector('[data-reading]') === null;
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
      if (shown && first === 0) first = performance.now() - start;
      if (whole) return { first, whole: performance.now() - start };
    }
  }, text);
  await page.close();
  return times;
}
