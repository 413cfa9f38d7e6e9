import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt } from './support.ts';

test('present mode by keyboard: one thing at a time, spotlight, clicker, blank screen, and back', async ({ page }) => {
  await openAt(page, '#1/mixed/n=40');
  await page.keyboard.press('Shift+p');
  await expect(page.getByRole('main', { name: 'Stage' })).toBeVisible();
  await expect(page.locator('.position')).toContainText('step 41 of');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.position')).toContainText('step 42 of');
  await page.keyboard.press('PageUp');
  await expect(page.locator('.position')).toContainText('step 41 of');
  await page.keyboard.press('3');
  await expect(page.getByRole('main', { name: 'Code' })).toBeVisible();
  await expect(page.getByRole('main', { name: 'Stage' })).toHaveCount(0);
  await page.keyboard.press('1');
  await page.keyboard.press('i');
  await expect(page.locator('html')).toHaveAttribute('data-present', 'spotlight');
  await page.keyboard.press('.');
  await expect(page.getByRole('button', { name: 'Show the screen again' })).toBeVisible();
  await page.keyboard.press('.');
  await expect(page.getByRole('button', { name: 'Show the screen again' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar', { name: 'Transport' })).toBeVisible();
  await expect(page.locator('html')).not.toHaveAttribute('data-present');
});

test('the lecturer’s notes stand in a second window and its keys move the walk', async ({ page }) => {
  await openAt(page, '#1/mixed/n=40');
  await page.keyboard.press('Shift+p');
  const [notes] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Notes' }).click()]);
  await expect(notes.locator('main')).toContainText('Now: step 41 of');
  await notes.keyboard.press('ArrowRight');
  await expect(notes.locator('main')).toContainText('Now: step 42 of');
  await expect(page.locator('.position')).toContainText('step 42 of');
});

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
] as const) {
  test(`present mode in projector colours has no accessibility violation at ${width}x${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openAt(page, '#1/mixed/n=40');
    for (let i = 0; i < 3; i++) await page.keyboard.press('d');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'projector');
    await page.keyboard.press('Shift+p');
    await expect(page.getByRole('main', { name: 'Stage' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await violations(page, { tags: ['wcag2a', 'wcag2aa', 'wcag2aaa', 'best-practice'] })).toEqual([]);
  });
}
