import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

const clean = async (page: Page, what: string): Promise<void> => expect.soft(await violations(page), what).toEqual([]);

/** In groups, each its own test: a view that fails is named, and no test is so long that a slow machine ends it. */
const TABS = [
  { 1: 'frame', 2: 'log', 3: 'tables' },
  { 4: 'folios', 5: 'locks', 6: 'findings' },
  { 7: 'scenario', 8: 'cost' },
];
const DIALOGS = [
  [
    ['palette', 'Control+k'],
    ['keys', '?'],
    ['about', 'a'],
    ['word', 'Shift+w'],
  ],
  [
    ['scenarios', 'c'],
    ['import', 'i'],
    ['fixes', 'w'],
  ],
] as const;

for (const colorScheme of ['light', 'dark'] as const) {
  for (const tabs of TABS)
    test(`no accessibility violation in the views ${Object.values(tabs).join(', ')}, ${colorScheme}`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await openAt(page, '#1/lock-leak');
      for (const [key, tab] of Object.entries(tabs)) {
        await page.keyboard.press(key);
        await expect(page.locator(`#tab-${tab}`)).toHaveAttribute('aria-selected', 'true');
        await page.waitForTimeout(150);
        await clean(page, tab);
      }
    });

  for (const dialogs of DIALOGS)
    test(`no accessibility violation in ${dialogs.map(([name]) => name).join(', ')}, ${colorScheme}`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await openAt(page, '#1/lock-leak');
      for (const [name, key] of dialogs) {
        await page.keyboard.press(key);
        await expect(page.getByRole('dialog')).toBeVisible();
        await clean(page, name);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    });

  test(`no accessibility violation beside a problem, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('#1/none');
    await expect(page.getByRole('alert')).not.toBeEmpty();
    await clean(page, 'problem');
  });

  test(`the narrow page stays usable and clean, ${colorScheme}`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme });
    await openAt(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await clean(page, 'narrow');
  });
}

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
] as const) {
  test(`nothing overflows the page at ${width}x${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openAt(page);
    expect(
      await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]),
    ).toEqual([width, height]);
  });
}

test('the theme can be forced and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openAt(page);
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('a long recording is made beside the page, which answers meanwhile, and can be stopped', async ({ page }) => {
  await openAt(page, '#1/mixed');
  const before = await position(page);
  await page.evaluate(() => {
    location.hash = '#1/mixed-1gib';
  });
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  await expect(stop).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => position(page)).toEqual({ ...before, step: before.step + 1 });
  await expect(stop, 'the page answered while the recording was being made').toBeVisible();
  await stop.click();
  await expect(stop).toHaveCount(0);
  await expect(page.locator('.scenario-button')).not.toContainText('GiB');
});

test('any pasted word is explained in every layout, and what is no word is refused', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('Shift+w');
  const dialog = page.getByRole('dialog', { name: 'Explain a 64-bit word' });
  const field = dialog.getByRole('textbox', { name: 'Word, hexadecimal' });
  await expect(field).toBeFocused();
  await field.fill('0xe000000000012345');
  await dialog.getByRole('combobox', { name: 'Read as' }).selectOption('hmm-v2');
  await expect(dialog.getByRole('region', { name: /bit by bit/ })).toContainText('0x12345');
  await field.fill('0x12g4');
  await expect(dialog.getByRole('status')).toContainText('expected 1 to 16 hexadecimal digits');
});
