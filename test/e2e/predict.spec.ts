import { expect, test } from './page.ts';
import type { Page } from '@playwright/test';
import { openAt, position } from './support.ts';

const QUIZ = '?quiz=room-5#1/lock-leak/n=-1';
const rows = (page: Page) => page.getByRole('listbox', { name: 'Step log' }).getByRole('option');
const runTo = (page: Page) => page.locator('.runto-pair');

test('while a question stands, no pane shows what comes; going on is free, and leaving shows everything', async ({
  page,
}) => {
  await openAt(page, QUIZ);
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  const { step } = await position(page);
  await page.keyboard.press('2');
  await expect(rows(page)).toHaveCount(step);
  await expect(page.locator('.log')).toContainText('Later steps: hidden until you commit.');
  await expect(page.locator('.timeline-veil')).toHaveText('hidden until you commit');
  await expect(page.getByRole('img', { name: /^Timeline of/ })).not.toHaveAccessibleName(/finding/);
  await expect(page.locator('.counters')).toContainText('0 of ?');
  await expect(runTo(page)).toHaveCount(0);
  // No line tells that it never runs, or how often it will.
  await expect(page.getByRole('button', { name: /it has not run so far/ }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /makes line \d+ run/ })).toHaveCount(0);
  await page.keyboard.press('6');
  await expect(page.getByRole('tab', { name: 'Findings' })).toHaveText('Findings');
  await expect(page.locator('.finding')).toHaveCount(0);
  await page.keyboard.press('8');
  await expect(page.getByRole('region', { name: 'Estimated cost' })).toContainText('hidden until you commit');
  // Looking ahead all the same.
  await page.keyboard.press('End');
  await expect(page.locator('.timeline-veil')).toHaveCount(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('2');
  await expect(rows(page)).toHaveCount(step);
  await page.keyboard.press('Shift+C');
  await expect(page.getByRole('region', { name: 'Lanes side by side' })).toContainText('hidden until you commit');
  await expect(page.locator('.lane')).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to the panes' }).click();
  await page.getByRole('button', { name: 'No more questions' }).click();
  await expect(page.locator('.timeline-veil, .veiled')).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Findings' })).toHaveText('Findings4');
  await expect(page.locator('.log')).toContainText(`${(await position(page)).length} lines`);
  await expect(runTo(page)).not.toHaveCount(0);
});

test('a commit shows what comes up to its answer; when all are answered, everything is shown', async ({ page }) => {
  await openAt(page, QUIZ);
  for (let n = 1; n <= 10; n++) {
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Commit' }).click();
    await expect(page.locator('.guide-count')).toContainText(`${n} of 10 answered`);
    if (n === 10) break;
    await expect(page.locator('.timeline-veil')).toHaveText('hidden while questions are open');
    await page.getByRole('button', { name: 'Next question' }).click();
  }
  await expect(page.locator('.timeline-veil, .veiled')).toHaveCount(0);
});

test('the question that a stop has the engine ask hides what comes until it is answered', async ({ page }) => {
  await openAt(page, '#t1/locks/3');
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  await expect(page.locator('.timeline-veil')).toHaveText('hidden until you commit');
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Commit' }).click();
  await expect(page.locator('.timeline-veil')).toHaveCount(0);
});
