import { mkdtempSync, openSync, closeSync, ftruncateSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './page.ts';
import { SMALL, jsonFile, openAt, position, ready } from './support.ts';

async function importFile(
  page: Page,
  file: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0],
): Promise<void> {
  await page.keyboard.press('i');
  await page.locator('dialog input[type=file]').setInputFiles(file);
}

/** Whatever was wrong is said; the walk that was there stands where it stood. */
async function refused(page: Page, says: RegExp): Promise<void> {
  await expect(page.getByRole('alert')).toContainText(says);
  await page.keyboard.press('Escape');
  await expect(page.locator('.scenario-button')).not.toContainText('Four pages');
  expect((await position(page)).step).toBe(101);
}

test('a scenario opens from a file', async ({ page }) => {
  await openAt(page);
  await importFile(page, jsonFile('four.json', SMALL));
  await expect(page.locator('.scenario-button')).toContainText('Four pages of a test');
  await ready(page);
});

test('a scenario opens from pasted text, and its link reopens it', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('i');
  await page.getByRole('textbox').fill(JSON.stringify(SMALL));
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.locator('.scenario-button')).toContainText('Four pages of a test');
  await expect(page).toHaveURL(/#1\/~/);
  const { step } = await position(page);
  await page.reload();
  await ready(page);
  await expect(page.locator('.scenario-button')).toContainText('Four pages of a test');
  expect((await position(page)).step).toBe(step);
});

test('a capture of a real process opens from the samples, and says how it was read', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('i');
  await page.getByRole('button', { name: 'Huge pages, whole and in pieces' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 20_000 });
  await expect(page).toHaveTitle(/Linux|capture|huge|process/i);
  await expect(page.getByRole('region', { name: 'About the scenario' })).toContainText('Memory of a real process');
  await expect(page.getByRole('heading', { name: 'How it was read' })).toBeVisible();
});

test('a capture opens from a file', async ({ page }) => {
  await openAt(page);
  await importFile(page, 'public/capture/samples/thp.json');
  await expect(page.getByRole('region', { name: 'About the scenario' })).toContainText('Memory of a real process');
});

test('broken JSON is refused with its place', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await importFile(page, jsonFile('broken.json', '{"format": "walkscope-scenario", "version": 1,'));
  await refused(page, /broken\.json is not JSON/);
});

test('a scenario with a mistake is refused with the place of the mistake', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await importFile(
    page,
    jsonFile('wrong.json', { ...SMALL, vmas: [{ start: 0, end: 'four', perms: 'rw-p', kind: 'anon' }] }),
  );
  await refused(page, /vmas\[0\]\.end/);
});

test('a wrong capture is refused with what is wrong', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await importFile(page, jsonFile('capture.json', { format: 'walkscope-capture', version: 1 }));
  await refused(page, /capture\.json is not a capture that can be walked/);
});

test('a file that is neither is refused', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await importFile(page, jsonFile('other.json', { hello: 'world' }));
  await refused(page, /is no scenario, recording or capture/);
});

test('a file of 200 MB is refused before it is read', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'walkscope-'));
  const path = join(folder, 'huge.json');
  const file = openSync(path, 'w');
  ftruncateSync(file, 200_000_000);
  closeSync(file);
  try {
    await openAt(page, '#1/mixed/n=100');
    await importFile(page, path);
    await refused(page, /huge\.json is too large/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const [what, hash, says] of [
  ['a truncated link', '#1/~eJyrVkrLz1eyUkpKLFKqBQAd', /cut short or damaged/],
  ['a link to an unknown scenario', '#1/no-such-scenario', /no scenario "no-such-scenario"/],
  ['a link of another version', '#9/mixed', /version/],
  ['a link to an impossible step', '#1/mixed/n=many', /is no step/],
] as const) {
  test(`${what} is refused, and a walk opens all the same`, async ({ page }) => {
    await openAt(page, hash);
    await expect(page.getByRole('alert')).toContainText(says);
    await expect(page.locator('.scenario-button')).not.toBeEmpty();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.locator('.problem')).toHaveCount(0);
  });
}
