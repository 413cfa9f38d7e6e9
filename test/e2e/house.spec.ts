import { violations } from './axe.ts';
import { expect, test } from './page.ts';

test('the page opens and shows its name', async ({ page }) => {
  await page.goto('./');
  await expect(page).toHaveTitle(/Walkscope/);
  await expect(page.locator('#root')).not.toBeEmpty();
});

test('the built page has a strict content policy', async ({ page }) => {
  await page.goto('./');
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
  [360, 740],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the first page has no accessibility violation at ${width}x${height}, ${colorScheme}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.goto('./');
      await expect(page.locator('#root')).not.toBeEmpty();
      expect(await violations(page)).toEqual([]);
    });
  }
}
