import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

test('a hall votes on what comes next: hands are typed, then the answer is revealed', async ({ page }) => {
  await openAt(page, '#1/mixed/n=40');
  await page.keyboard.press('Shift+P');
  await page.keyboard.press('q');
  const vote = page.getByRole('region', { name: 'Vote' });
  const hands = vote.getByRole('spinbutton');
  await hands.first().focus();
  for (const n of ['12', '7']) {
    await page.keyboard.type(n);
    await page.keyboard.press('Enter');
  }
  await expect(hands.nth(0)).toHaveValue('12');
  await expect(hands.nth(1)).toHaveValue('7');
  await vote.locator('.vote-choice').nth(1).click();
  await expect(hands.nth(1)).toHaveValue('8');
  await expect(vote.getByText('right', { exact: true })).toHaveCount(0);
  expect(await violations(page, { part: '.vote' })).toEqual([]);
  const before = await position(page);
  await vote.getByRole('button', { name: 'Reveal: 20 hands' }).press('Enter');
  await expect(vote.getByText('right', { exact: true })).toHaveCount(1);
  await expect(vote.getByRole('button', { name: 'Next question' })).toBeFocused();
  expect((await position(page)).step).toBeGreaterThan(before.step);
  await page.keyboard.press('Shift+Q');
  const sheet = page.getByRole('dialog', { name: 'Score sheet' });
  await expect(sheet.locator('tbody tr')).toHaveCount(1);
  await expect(sheet).toContainText(/most hands of a hall; \d+ of 20 were right/);
});

test('a hall votes on the question of a stop, and it is answered on the card, too', async ({ page }) => {
  await openAt(page, '#t1/mixed-ptes/5');
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  await page.keyboard.press('Shift+P');
  const vote = page.getByRole('region', { name: 'Vote' });
  await vote.locator('.vote-choice').first().click();
  await vote.getByRole('button', { name: 'Reveal: 1 hand' }).click();
  await expect(vote.getByRole('status')).not.toBeEmpty();
  await page.keyboard.press('Escape');
  await expect(page.locator('.question')).toContainText(/Right\.|Not so\./);
  await expect(page.getByRole('button', { name: 'Commit' })).toHaveCount(0);
});

test('the question that a stop has the engine ask is voted on, too', async ({ page }) => {
  await openAt(page, '#t1/locks/3');
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  await page.keyboard.press('Shift+P');
  const vote = page.getByRole('region', { name: 'Vote' });
  // Nobody raised a hand: the answer is told, and nobody is scored for it.
  await vote.getByRole('button', { name: 'Reveal', exact: true }).click();
  await expect(vote.getByText('right', { exact: true })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Q');
  await expect(page.getByRole('dialog', { name: 'Score sheet' })).toContainText('Nothing has been answered yet.');
});
