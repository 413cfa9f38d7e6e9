import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt } from './support.ts';

test('the cost model follows the cursor, takes other weights and remembers them', async ({ page }) => {
  await openAt(page, '#1/mixed/n=80');
  await page.keyboard.press('8');
  const pane = page.getByRole('region', { name: 'Estimated cost' });
  const all = pane.getByRole('row', { name: /^All/ });
  const line = page.locator('.cycles-line');
  await expect(pane).toContainText('over 1000 cycles');
  const cells = async (): Promise<readonly string[]> => (await all.getByRole('cell').allInnerTexts()).slice(-2);
  const [here = '', whole = ''] = await cells();
  await expect(line).toContainText(`${here} of ${whole}`);

  await page.keyboard.press('End');
  await expect.poll(cells).toEqual([whole, whole]);

  const walks = pane.getByRole('textbox', { name: 'Cycles for each of: Walks', exact: true });
  await walks.fill('many');
  await expect(pane.getByRole('alert')).toContainText('expected cycles from 0');
  await expect(walks).toHaveAttribute('aria-invalid', 'true');
  expect(await cells()).toEqual([whole, whole]);
  await walks.fill('2500');
  await expect(pane.getByRole('alert')).toHaveCount(0);
  await expect.poll(cells).not.toEqual([whole, whole]);
  const changed = await cells();
  expect(await violations(page)).toEqual([]);

  await page.reload();
  await expect.poll(async () => (await cells())[1]).toBe(changed[1]);
  await page.getByRole('button', { name: 'All weights as they were' }).press('Enter');
  await expect(walks).toHaveValue('1000');
  await expect.poll(async () => (await cells())[1]).toBe(whole);
});
