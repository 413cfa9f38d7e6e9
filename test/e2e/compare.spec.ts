import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

const clean = async (page: Page, what: string): Promise<void> => expect.soft(await violations(page), what).toEqual([]);

const parting = (page: Page) => page.getByRole('region', { name: 'Where the lanes part' });
const lane = (page: Page, letter: string) => page.getByRole('region', { name: `Lane ${letter}:` });

test('lanes by keyboard alone: open, go from difference to difference, change the main lane, leave', async ({
  page,
}) => {
  await openAt(page, '#1/lock-leak');
  await page.keyboard.press('Shift+c');
  await expect(lane(page, 'B')).toBeVisible({ timeout: 20_000 });
  await expect(parting(page)).toContainText('then:');

  await page.keyboard.press('Home');
  await expect(parting(page)).toContainText(/The same for 11 steps from the beginning/);
  await page.keyboard.press('j');
  await expect.poll(() => page.url()).toContain('l=_,unified.fixed');
  const first = await position(page);
  await page.keyboard.press('j');
  await expect.poll(async () => (await position(page)).step).toBeGreaterThan(first.step);
  await page.keyboard.press('Shift+j');
  await expect.poll(async () => (await position(page)).step).toBe(first.step);

  await expect(lane(page, 'A').getByRole('button', { pressed: true })).toBeVisible();
  await page.keyboard.press(',');
  await expect(lane(page, 'B').getByRole('button', { pressed: true })).toBeVisible();
  expect((await position(page)).length).toBeGreaterThan(first.length);
  // One cursor: what moves the main lane moves the other.
  const before = await lane(page, 'A').innerText();
  await page.keyboard.press('End');
  await expect(lane(page, 'A')).not.toHaveText(before);
  await expect(lane(page, 'A')).toContainText('step 595 of 595');

  await page.keyboard.press('Escape');
  await expect(lane(page, 'A')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Stage', exact: true })).toBeVisible();
  expect((await position(page)).length).toBeGreaterThan(first.length);
});

test('a link opens its lanes at its step; lanes come and go', async ({ page }) => {
  await openAt(page, '#1/mixed/l=fault-then-migrate.base,_/n=60');
  await expect(lane(page, 'B')).toContainText('step 61 of');
  await expect(lane(page, 'B').getByRole('button', { pressed: true })).toBeVisible();
  await page.getByRole('button', { name: 'Add lane' }).press('Enter');
  const form = page.getByRole('form', { name: 'Another lane' });
  await form.getByLabel('switches').fill('R-99');
  await form.getByLabel('switches').press('Enter');
  await expect(form.getByRole('alert')).toContainText('R-99');
  await form.getByLabel('switches').fill('F-04');
  await form.getByLabel('switches').press('Enter');
  await expect(lane(page, 'C')).toContainText('unified, fixed + F-04', { timeout: 20_000 });
  await expect(lane(page, 'B')).toContainText('step 61 of');
  await page.getByRole('button', { name: 'Remove lane A' }).press('Enter');
  await expect(lane(page, 'C')).toHaveCount(0, { timeout: 20_000 });
  await expect(lane(page, 'A')).toContainText('step 61 of');
  await page.getByLabel('Ready-made comparison').selectOption('ways');
  await expect(lane(page, 'C')).toContainText('migrate-fault-migrate', { timeout: 20_000 });
});

test('all scenarios in two ways: which differ, and a difference opened as lanes', async ({ page }) => {
  await openAt(page, '#1/mixed/l=_,unified.fixed');
  await expect(lane(page, 'B')).toBeVisible();
  await page.getByRole('tab', { name: 'All scenarios' }).press('Enter');
  const ask = page.getByRole('form', { name: 'Compare all scenarios' });
  await ask.getByLabel('B', { exact: true }).fill('v2+R-07');
  await ask.getByLabel('only').fill('lock-leak');
  await ask.getByLabel('only').press('Enter');
  const table = page.getByRole('table', { name: 'Scenarios whose two runs differ' });
  await expect(table).toContainText('lock-leak', { timeout: 20_000 });
  await expect(page.locator('.library-sum')).toContainText('1 differ');
  await clean(page, 'library');
  await table.getByRole('button', { name: 'lock-leak' }).press('Enter');
  await expect(parting(page)).toContainText('The same for 56 steps from the beginning', { timeout: 20_000 });
  await expect(lane(page, 'B')).toContainText('only here');
});

test('a kernel’s trace beside a lane: what both call, what only one calls, and the step of each', async ({ page }) => {
  await openAt(page, '#1/mixed/l=_,unified.fixed');
  await expect(lane(page, 'B')).toBeVisible();
  await page.getByRole('tab', { name: 'Kernel trace' }).press('Enter');
  const form = page.getByRole('form', { name: 'A kernel’s trace' });
  const text = form.getByRole('textbox');
  await text.fill('nothing of the kind');
  await form.getByRole('button', { name: 'Lay beside' }).press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'function_graph' })).toBeVisible();
  await text.fill(
    ' 0)               |  hmm_range_fault() {\n 0)   0.300 us    |    find_vma();\n 0)   9.000 us    |  }\n',
  );
  await form.getByRole('button', { name: 'Lay beside' }).press('Enter');
  await expect(page.locator('.trace-sum')).toContainText('1 call in both, 0 only in the trace, 0 only in the model');
  await expect(page.locator('.trace-sum')).toContainText('find_vma 1');
  await clean(page, 'trace');
  const table = page.getByRole('table', { name: 'A kernel’s calls beside the model’s' });
  const step = Number(/\d+/.exec(await table.getByRole('button').innerText())?.[0]);
  await table.getByRole('button').press('Enter');
  await expect.poll(async () => (await position(page)).step).toBe(step);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`lanes are clean and fit, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAt(page, '#1/mixed/l=_,fault-then-migrate,migrate-fault-migrate,unified.fixed/n=100');
    await expect(lane(page, 'D')).toBeVisible();
    await clean(page, 'steps');
    // The row of the cursor is in view, also at the end of a long table.
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+j');
    await expect(page.locator('.steps-row.changed')).toBeInViewport();
    for (const [width, height] of [
      [1280, 720],
      [360, 740],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.getByRole('tab', { name: 'What they come to' }).click();
    await clean(page, 'narrow, outcome');
  });
