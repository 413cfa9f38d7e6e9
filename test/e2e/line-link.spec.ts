import type { Page } from '@playwright/test';
import { SERIES } from '../support/patch-fixture.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

const LINE = 'lock = pmd_lock(walk->mm, pmdp);';
const lines = (page: Page) => page.getByRole('listbox', { name: 'Lines of the patch' });
const chosen = (page: Page) => lines(page).locator('[aria-selected=true]');

async function load(page: Page, text: string): Promise<void> {
  await page
    .getByLabel('Files')
    .setInputFiles({ name: 'series.mbox', mimeType: 'text/plain', buffer: Buffer.from(text) });
}

/** Opens the patch view, loads a text and waits for its lines. */
async function openSeries(page: Page, text: string): Promise<void> {
  await openAt(page, '#1/thp-split');
  await page.keyboard.press('Shift+d');
  await load(page, text);
  await expect(lines(page)).toBeVisible();
}

/** Goes to the line and copies a link to it at its step, by key or by button. */
async function copyLink(page: Page, way: 'key' | 'button'): Promise<string> {
  await openSeries(page, SERIES);
  await page.getByRole('searchbox', { name: 'Search the patch' }).fill('lock = pmd_lock');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Run to it/ }).click();
  await expect(chosen(page)).toContainText(LINE);
  if (way === 'button') await page.getByRole('button', { name: 'Link', exact: true }).click();
  else await lines(page).press('l');
  await expect(page.locator('p.remark')).toHaveText('Link to the line, without the patch itself, copied.');
  return page.evaluate(() => navigator.clipboard.readText());
}

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

test('a link to a line says in another page which patch it needs, and lands on the line once that is loaded', async ({
  page,
  context,
}) => {
  const link = await copyLink(page, 'key');
  const { step } = await position(page);
  expect(link).toContain('patch:m');
  const there = await context.newPage();
  await there.goto(link);
  const missing = there.locator('.patch-problem');
  await expect(missing).toContainText('The line of this link is not loaded');
  await expect(missing).toContainText(/It is to a line of the mail with Message-ID <[^>]+>/);
  // Another patch is not that one.
  await load(there, 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1,2 @@\n a\n+b\n');
  await expect(missing).toContainText('Message-ID');
  await load(there, SERIES);
  await expect(chosen(there)).toContainText(LINE);
  expect((await position(there)).step).toBe(step);
});

test('where the series is loaded, a link lands on the line at its step', async ({ page, context }) => {
  const link = await copyLink(page, 'button');
  const { step } = await position(page);
  const there = await context.newPage();
  // Behind another mail every line has another number.
  await openSeries(there, `From a@example.org Thu Jan  1 00:00:00 1970\nSubject: before\n\nhello\n\n${SERIES}`);
  await expect(chosen(there)).not.toContainText(LINE);
  await there.evaluate((hash) => {
    location.hash = hash;
  }, new URL(link).hash);
  await expect(chosen(there)).toContainText(LINE);
  expect((await position(there)).step).toBe(step);
});
