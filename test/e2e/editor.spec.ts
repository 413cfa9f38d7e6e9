import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt } from './support.ts';

test('a scenario is built with the keyboard alone: painted, refused, mended, undone, recorded', async ({ page }) => {
  await openAt(page, '#1/mixed');
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Scenario editor' });
  const board = dialog.getByRole('grid');
  await expect(board).toBeFocused();
  const outcome = dialog.getByRole('region', { name: 'Outcome' });
  await expect(outcome).toContainText('steps, every call returned');

  // A page of another device, two to the right of the first, three pages wide.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('e');
  await expect(dialog.getByRole('gridcell', { name: /^page 3, device/ })).toBeVisible();
  await expect(outcome).toContainText('steps, every call returned');

  // Outside of every VMA nothing can be mapped: the editor says so and offers a way out.
  await page.keyboard.press('End');
  await page.keyboard.press('p');
  await expect(outcome).toContainText('lies in no VMA');
  await outcome.getByRole('button', { name: 'Draw an anonymous VMA there' }).press('Enter');
  await expect(outcome).toContainText('steps, every call returned');
  await board.focus();
  await page.keyboard.press('Control+z');
  await expect(outcome).toContainText('lies in no VMA');
  await page.keyboard.press('Control+z');
  await expect(outcome).toContainText('steps, every call returned');
  await page.keyboard.press('Control+Shift+z');
  await expect(outcome).toContainText('lies in no VMA');
  await page.keyboard.press('Control+z');

  await dialog.getByRole('textbox', { name: 'Title' }).fill('Drawn by hand');
  await dialog.getByRole('button', { name: 'Record' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.scenario-button')).toContainText('Drawn by hand');
  await expect.poll(() => page.url()).toContain('#1/~');
});

test('what is drawn survives closing the dialog, and forms change the selected pages', async ({ page }) => {
  await openAt(page, '#1/mixed');
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Scenario editor' });
  await dialog.getByRole('checkbox', { name: /^locked/ }).check();
  await dialog.getByRole('tab', { name: 'Request' }).press('Enter');
  await dialog.getByRole('spinbutton', { name: 'Last page' }).fill('1');
  await dialog.getByRole('spinbutton', { name: 'Last page' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('e');
  await expect(dialog.getByRole('gridcell', { name: /^page 1,.*asked for/ })).toBeVisible();
  await expect(dialog.getByRole('gridcell', { name: /^page 2,.*asked for/ })).toHaveCount(0);
  await expect(dialog.getByRole('checkbox', { name: /^locked/ })).toBeChecked();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the editor has no accessibility violation, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAt(page, '#1/mixed');
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Scenario editor' });
    await expect(dialog.getByRole('region', { name: 'Outcome' })).toContainText('steps');
    // What the run makes of a page stands in its cell; where there is no VMA, nothing is made of nothing.
    await expect(dialog.getByRole('gridcell', { name: 'page 0, present, afterwards device, asked for' })).toBeVisible();
    await expect(dialog.getByRole('gridcell', { name: 'page 40, no VMA', exact: true })).toBeVisible();
    // Lines of the board are alike: two of them stand for all, which keeps the check short.
    const found = await violations(page, { part: 'dialog', without: '.board-row:nth-child(n+3)' });
    for (const form of ['VMA', 'Request', 'Conditions']) {
      await dialog.getByRole('tab', { name: form }).click();
      found.push(...(await violations(page, { part: '#editor-panel' })));
    }
    expect(found).toEqual([]);
  });
}
