import { expect, test } from './page.ts';
import type { Page } from '@playwright/test';
import { TOURS } from '../../src/tour/library/index.ts';
import { openAt } from './support.ts';

/** Pages that come out of a printer. */
async function printed(page: Page): Promise<number> {
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  return Number(/\/Type \/Pages[^]*?\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1] ?? 0);
}

/** Colours of every text that is to be seen, without doubles. */
const inks = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const seen = [...document.querySelectorAll('body *')].filter(
      (el) => el.checkVisibility() && [...el.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim() !== ''),
    );
    return [...new Set(seen.map((el) => getComputedStyle(el).color))];
  });

test('lecture notes of every tour come out on one page, black on white, and nothing else does', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openAt(page);
  const notes = page.getByRole('button', { name: /^Lecture notes of tour/ });
  for (let i = 0; i < TOURS.length; i++) {
    await page.keyboard.press('h');
    await notes.nth(i).click();
    await expect(page.locator('.lecture')).toContainText('To discuss');
    expect.soft(await printed(page), `pages of tour ${i + 1}`).toBe(1);
    if (i === 0) {
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      expect(await inks(page)).toEqual(['rgb(0, 0, 0)']);
      await expect(page.locator('.pane')).not.toHaveCount(0);
      for (const pane of await page.locator('.pane, .dialog-foot').all()) await expect(pane).toBeHidden();
      await page.emulateMedia({ colorScheme: 'dark', media: null });
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  // Without a sheet the page prints as it is.
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await expect(page.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
});

test('a long score sheet goes on over pages', async ({ page }) => {
  await openAt(page, '?quiz=room-5#1/mixed/n=-1');
  for (let n = 0; n < 20; n++) {
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Commit' }).click();
    await page.getByRole('button', { name: 'Ask here' }).click();
    await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  }
  await page.keyboard.press('Shift+Q');
  await expect(page.locator('.score tbody tr')).toHaveCount(20);
  expect(await printed(page)).toBe(2);
});
