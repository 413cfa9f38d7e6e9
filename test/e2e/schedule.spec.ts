import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt } from './support.ts';

test('you are the scheduler: who goes on is chosen by key, taken back, shared as a link', async ({ page }) => {
  await openAt(page, '#1/rival-migration');
  await page.keyboard.press('u');
  const pane = page.getByRole('region', { name: 'Schedule' });
  await expect(pane).toContainText('Choice 1 of');
  await expect(pane).toContainText('who goes on?');
  const first = pane.getByRole('button', { name: /walker/ });
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  // The rival goes first: another run, and the walk stands at its second choice.
  await page.keyboard.press('2');
  await expect(pane).toContainText('Choice 2 of');
  await expect(pane.locator('code')).toHaveText(/^b/);
  await expect.poll(() => page.url()).toMatch(/\/c=b/);
  const url = page.url();
  await page.keyboard.press('<');
  await expect(pane).toContainText('Choice 1 of');
  await expect(pane.getByRole('button', { name: /migrate/ })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+z');
  await expect(pane.locator('code')).toHaveText('everybody in turn');
  expect(await violations(page, { part: '#tab-panel' })).toEqual([]);
  // The link gives the same schedule in another page.
  const other = await page.context().newPage();
  await other.goto(url);
  await expect(other.getByRole('region', { name: 'Schedule' }).locator('code')).toHaveText(/^b/);
});

test('with the walker alone the schedule says what to do', async ({ page }) => {
  await openAt(page, '#1/mixed');
  await page.keyboard.press('u');
  await expect(page.getByRole('region', { name: 'Schedule' })).toContainText('Only the walker runs here');
});
