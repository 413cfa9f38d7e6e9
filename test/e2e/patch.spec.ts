import type { Page } from '@playwright/test';
import { SERIES } from '../support/patch-fixture.ts';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

/** Pastes into the field, as a person does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator('.patch-open textarea').evaluate((field, pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

async function openSeries(page: Page): Promise<void> {
  await openAt(page, '#1/thp-split');
  await page.keyboard.press('Shift+d');
  await paste(page, SERIES);
  await expect(page.getByRole('listbox', { name: 'Lines of the patch' })).toBeVisible({ timeout: 20_000 });
}

test('a pasted series stands beside the model: a step lights its line, a line leads to its step', async ({ page }) => {
  await openSeries(page);
  const list = page.getByRole('listbox', { name: 'Lines of the patch' });
  const line = list.getByRole('option', { name: 'lock = pmd_lock(walk->mm, pmdp);' });
  await page.getByRole('searchbox', { name: 'Search the patch' }).fill('lock = pmd_lock');
  await page.keyboard.press('Enter');
  await expect(line).toHaveAttribute('aria-selected', 'true');
  // The remark stands under the line that it quotes.
  await expect(list.getByRole('option', { name: 'R. Viewer: Is the lock held here already?' })).toBeVisible();
  await page.getByRole('button', { name: /^Run to it/ }).click();
  await expect(line.locator('.lit')).toBeVisible();
  const { step } = await position(page);
  expect(step).toBeGreaterThan(0);
  // One step on, another line of the same function is lit, or none: the patch shows only some.
  await page
    .locator('.transport, .foot')
    .first()
    .click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('ArrowRight');
  await expect(line.locator('.lit')).toHaveCount(0);
});

test('the keyboard alone: lines, hunks, remarks, side by side, the wide view', async ({ page }) => {
  await openSeries(page);
  const list = page.getByRole('listbox', { name: 'Lines of the patch' });
  const selected = list.locator('[aria-selected=true]');
  await list.focus();
  await page.keyboard.press('n');
  await expect(selected).toContainText('@@');
  await page.keyboard.press('j');
  await expect(selected).toContainText('struct mm_walk *walk');
  await page.keyboard.press('r');
  await expect(selected).toContainText('Is the lock held here already?');
  await page.keyboard.press('s');
  await expect(page.locator('.patch-list.split')).toBeVisible();
  await page.keyboard.press('o');
  const outline = page.getByRole('region', { name: 'Outline of the patch' });
  await expect(outline.getByRole('button', { name: 'hmm_vma_walk_split()' })).toBeVisible();
  await page.keyboard.press('Shift+u');
  await expect(page.locator('.pane-stage')).toHaveCount(0);
  await page.keyboard.press('Shift+u');
  await expect(page.locator('.pane-stage')).toBeVisible();
});

test('coverage: which runs of the library execute a line', async ({ page }) => {
  await openSeries(page);
  await page.getByRole('button', { name: 'Coverage' }).click();
  await page.getByRole('button', { name: 'Run the library' }).click();
  const panel = page.getByRole('region', { name: 'Coverage of the patch' });
  await expect(panel).toContainText(/\d+ of \d+ lines with a modelled statement are executed/, { timeout: 55_000 });
  await page.getByRole('searchbox', { name: 'Search the patch' }).fill('lock = pmd_lock');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Open the first: / }).click();
  await expect(page.locator('.patch-row .lit')).toContainText('lock = pmd_lock');
});

test('what cannot be read is said, and nothing of it is interpreted', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('Shift+d');
  await page.locator('.patch-open textarea').fill('<img src=x onerror="document.title=1">no patch');
  await page.getByRole('button', { name: 'Read it' }).click();
  await expect(page.getByRole('alert')).toContainText('Neither a mail nor a diff was found');
  await paste(
    page,
    '[PATCH 1/1] <b>x</b>\nFrom: a\nDate: b\n\ndiff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,9 +1,9 @@\n+<script>document.title = "bad"</script>\n',
  );
  await expect(page.getByRole('listbox', { name: 'Lines of the patch' })).toContainText('<script>');
  await page.getByRole('button', { name: /^Problems/ }).click();
  await expect(page.getByRole('region', { name: 'What is wrong with the input' })).toContainText(
    'shorter than its header',
  );
  await expect(page).not.toHaveTitle('bad');
});

test('two versions of a series: the range-diff, by keyboard, and as text', async ({ page }) => {
  await openAt(page, '#1/thp-split');
  await page.keyboard.press('Shift+d');
  const next = SERIES.replaceAll('PATCH v4', 'PATCH v5')
    .replaceAll('@example.org>', '.v5@example.org>')
    .replace('+\tspinlock_t *lock;', '+\tspinlock_t *ptl;');
  await paste(page, `${SERIES}\n${next}`);
  const open = page.getByRole('button', { name: 'Range-diff' });
  await open.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: 'Range-diff of two versions' });
  await expect(panel.getByRole('heading')).toHaveText([
    '1 ! 1  mm/hmm: collect under the lock changed',
    '2 = 2  lib: count what was collected the same',
  ]);
  await expect(panel.locator('del')).toHaveText(/^-\+\tspinlock_t \*lock;/);
  await expect(panel.locator('ins')).toHaveText(/^\+\+\tspinlock_t \*ptl;/);
  expect(await violations(page, { part: '.pane-code' })).toEqual([]);
  await panel.getByRole('button', { name: '@@' }).press('Enter');
  await expect(page.locator('.patch-row[aria-selected=true]')).toContainText('spinlock_t *ptl;');
});

for (const [scheme, panel] of [
  ['light', 'Problems'],
  ['dark', 'Remarks'],
] as const)
  test(`axe finds nothing in the patch, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await openSeries(page);
    await page.getByRole('button', { name: panel }).click();
    expect(await violations(page, { part: '.pane-code' })).toEqual([]);
  });
