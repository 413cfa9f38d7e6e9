import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position, ready } from './support.ts';

test('a defect is searched for, found, shrunk, and plays at its step', async ({ page }) => {
  await openAt(page);
  await page.getByRole('tab', { name: 'Search' }).click();
  await page.getByLabel('rule', { exact: true }).selectOption('bug');
  await page.getByLabel('up to bound').selectOption('1');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  const hit = page.getByRole('listitem').filter({ hasText: 'hmm_range_fault:noMm' });
  await expect(hit).toContainText('S-02', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page)).toEqual([]);
  await hit.getByRole('button', { name: /^Play hit/ }).click();
  await ready(page);
  expect(await position(page)).toEqual({ step: 10, length: 10 });
});
