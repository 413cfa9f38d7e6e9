import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

const preview = (page: Page) => page.getByRole('region', { name: 'Preview' });

async function clean(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every subject and format of an export is shown, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAt(page, '#1/lock-leak/n=61');
    await page.keyboard.press('Shift+E');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await expect(preview(page)).toContainText('Scenario: lock-leak');
    await clean(page);
    const what = dialog.getByRole('combobox', { name: /^What/ });
    const as = dialog.getByRole('combobox', { name: /^As/ });
    await what.selectOption('span');
    await dialog.getByLabel('from step').fill('41');
    await expect(preview(page)).toContainText(/Steps: 41\.\.\d+ of/);
    await what.selectOption('finding');
    await expect(preview(page)).toContainText('sleep-in-atomic in mm/hmm.c');
    await what.selectOption('compare');
    await expect(preview(page)).toContainText('A and B part at step');
    await as.selectOption('markdown');
    await expect(preview(page)).toContainText('| Counters that differ |');
    for (const [format, text] of [
      ['trace', '"traceEvents"'],
      ['csv', 'step,actor,site,walks'],
      ['recording', '"format":"walkscope-recording"'],
      ['tour', 'codetour-schema'],
      ['line', 'Walkscope lock-leak#62'],
    ] as const) {
      if (format === 'line') await what.selectOption('step');
      await as.selectOption(format);
      await expect(preview(page)).toContainText(text);
    }
    await clean(page);
  });
}

test('a saved recording and the text of a mail open the same step again', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  const before = await position(page);
  await page.keyboard.press('Shift+E');
  await expect(preview(page)).toContainText('Scenario: mixed');
  const mail = await preview(page).innerText();
  await page.getByRole('combobox', { name: /^As/ }).selectOption('recording');
  await expect(preview(page)).toContainText('walkscope-recording');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save file' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('mixed.recording.json');
  const text = await readFile(await file.path(), 'utf8');
  await page.keyboard.press('Escape');

  for (const again of [mail.replaceAll(/^/gm, '> '), text]) {
    await page.keyboard.press('End');
    await expect.poll(async () => (await position(page)).step).toBe(before.length);
    await page.keyboard.press('i');
    await page.getByRole('textbox', { name: 'or text' }).fill(again);
    await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect.poll(async () => position(page)).toEqual(before);
  }
});

test('a mail whose schedule was changed by hand is refused with the reason', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('i');
  await page.getByRole('textbox', { name: 'or text' }).fill('Scenario: rival-migration\nSchedule: 0z');
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('the schedule cannot be read at character');
});
