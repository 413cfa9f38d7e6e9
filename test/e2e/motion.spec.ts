import type { Page } from '@playwright/test';
import { expect, test } from './page.ts';
import { openAt, ready } from './support.ts';

/*
 * What moves on the stage, by a clock that the test winds: where things stand in the middle of a transition, after
 * turning round there, and at its end. Nothing here waits for real time.
 */

/** Where everything of the stage stands: its shapes by class, their attributes to the tenth of a pixel. */
const picture = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.stage-view svg :is(rect, path, text, circle, g)')]
      .map((e) => {
        const of = (name: string, usual = ''): string =>
          (e.getAttribute(name) ?? usual)
            .replaceAll(/-?\d+\.\d+/g, (n) => String(Math.round(Number(n) * 10) / 10))
            .replaceAll(', ', ',')
            .replace(/scale\(([\d.]+),\1\)/, 'scale($1)');
        const text = e.tagName === 'text' ? (e.textContent ?? '') : '';
        const names = ['x', 'y', 'width', 'height', 'd', 'transform'];
        return [e.tagName, of('class'), ...names.map((n) => of(n)), of('opacity', '1'), text].join(' ');
      })
      .toSorted((a, b) => (a < b ? -1 : 1)),
  );

/** Where the walker's pointer stands among the entries. */
async function pointer(page: Page): Promise<{ x: number; y: number }> {
  const at = await page.locator('.stage-view g.pointer').first().getAttribute('transform');
  const [, x, y] = /translate\(([\d.-]+),?\s*([\d.-]+)\)/.exec(at ?? '') ?? [];
  return { x: Number(x), y: Number(y) };
}

const apart = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Opens a walk under a clock that stands still from then on. */
async function openStill(page: Page, hash: string): Promise<void> {
  await page.clock.install();
  await openAt(page, hash);
  await page.clock.pauseAt(Date.now() + 3_600_000);
}

/** Longer than any transition, in milliseconds. */
const REST = 1500;
/** In the middle of one. */
const MIDDLE = 90;
const FRAME = 20;

/** Steps on until the pointer comes to stand elsewhere, and back again. @returns where it stood and where it went */
async function findMove(page: Page): Promise<[from: { x: number; y: number }, to: { x: number; y: number }]> {
  for (let i = 0; i < 60; i++) {
    const from = await pointer(page);
    await page.keyboard.press('ArrowRight');
    await page.clock.runFor(REST);
    const to = await pointer(page);
    // It is not there while nothing is worked on.
    if (!(apart(from, to) >= 10)) continue;
    await page.keyboard.press('ArrowLeft');
    await page.clock.runFor(REST);
    expect(apart(await pointer(page), from)).toBeLessThan(0.2);
    return [from, to];
  }
  throw new Error('the pointer does not move in 60 steps');
}

test('a step that is taken back in the middle of its transition turns round where it is', async ({ page }) => {
  await openStill(page, '#1/mixed/n=40');
  const [from, to] = await findMove(page);
  const before = await picture(page);
  await page.keyboard.press('ArrowRight');
  await page.clock.runFor(MIDDLE);
  const middle = await pointer(page);
  expect(apart(from, middle)).toBeGreaterThan(1);
  expect(apart(middle, to)).toBeGreaterThan(1);
  await page.keyboard.press('ArrowLeft');
  await page.clock.runFor(FRAME);
  expect(apart(await pointer(page), middle), 'it does not jump').toBeLessThan(apart(from, to) / 4);
  await page.clock.runFor(MIDDLE);
  const turned = await pointer(page);
  expect(apart(turned, from), 'it is on its way back').toBeLessThan(apart(middle, from));
  expect(apart(turned, from), 'and not there yet').toBeGreaterThan(0.2);
  await page.clock.runFor(REST);
  expect(await picture(page)).toEqual(before);
});

test('a walk that is hurried through leaves the picture of one that never moved', async ({ page }) => {
  await openStill(page, '#1/mixed/n=20');
  for (const key of [
    's',
    'ArrowRight',
    'ArrowRight',
    'ArrowLeft',
    'm',
    'ArrowRight',
    'Shift+S',
    's',
    'ArrowLeft',
    'm',
  ]) {
    await page.keyboard.press(key);
    await page.clock.runFor(MIDDLE);
  }
  await page.clock.runFor(REST);
  const hurried = await picture(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await ready(page);
  await page.clock.runFor(REST);
  expect(hurried).toEqual(await picture(page));
});

test('a huge page breaks into pieces, which come together when time is turned round', async ({ page }) => {
  await openStill(page, '#1/thp-split/n=0');
  const pieces = page.locator('.stage-view g.shards rect');
  await page.keyboard.press('s');
  await page.clock.runFor(REST);
  // Stand before the step that puts the table where the block was.
  const block = page.locator('.stage-view g.block > g.block');
  for (let i = 0; i < 30 && (await block.count()) > 0; i++) {
    await page.keyboard.press('ArrowRight');
    await page.clock.runFor(REST);
  }
  await page.keyboard.press('ArrowLeft');
  await page.clock.runFor(REST);
  await expect(block).toHaveCount(1);
  const before = await picture(page);
  await page.keyboard.press('ArrowRight');
  await page.clock.runFor(MIDDLE);
  await expect(pieces).toHaveCount(16);
  const far = await pieces.first().getAttribute('transform');
  await page.keyboard.press('ArrowLeft');
  await page.clock.runFor(FRAME);
  await expect(pieces).toHaveCount(16);
  await page.clock.runFor(MIDDLE);
  expect(await pieces.first().getAttribute('transform')).not.toBe(far);
  await page.clock.runFor(REST);
  await expect(pieces).toHaveCount(0);
  expect(await picture(page)).toEqual(before);
});

test('with reduced motion every step stands at once', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStill(page, '#1/mixed/n=40');
  const [, to] = await findMove(page);
  await page.keyboard.press('ArrowRight');
  await page.clock.runFor(FRAME);
  expect(apart(await pointer(page), to)).toBeLessThan(0.2);
  const at = await picture(page);
  await page.clock.runFor(REST);
  expect(await picture(page)).toEqual(at);
});
