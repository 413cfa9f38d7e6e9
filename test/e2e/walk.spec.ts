import { expect, test } from './page.ts';
import { openAt, position, ready } from './support.ts';

test('opening shows a walk at an interesting step, with its code, its stack and its sentence', async ({ page }) => {
  await openAt(page);
  const { step, length } = await position(page);
  expect(step).toBeGreaterThan(1);
  expect(step).toBeLessThan(length);
  await expect(page.locator('.code-mark')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Call stack and locals' }).getByRole('button').first()).toBeVisible();
  await expect(page.locator('.narration-text')).not.toBeEmpty();
  await expect(page).toHaveURL(/#1\/[\w-]+\/n=\d+$/);
});

test('keys step forward and back, over and out', async ({ page }) => {
  await openAt(page, '#1/mixed/n=40');
  const at = async (): Promise<number> => (await position(page)).step;
  expect(await at()).toBe(41);
  await page.keyboard.press('ArrowRight');
  expect(await at()).toBe(42);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('PageUp');
  expect(await at()).toBe(40);
  await page.keyboard.press('PageDown');
  expect(await at()).toBe(41);
  await page.keyboard.press('o');
  expect(await at()).toBeGreaterThan(41);
  await page.keyboard.press('Home');
  expect(await at()).toBe(1);
  await page.keyboard.press('ArrowDown');
  const over = await at();
  await page.keyboard.press('ArrowUp');
  expect(over).toBeGreaterThan(1);
  await page.keyboard.press('End');
  const { step, length } = await position(page);
  expect(step).toBe(length);
});

test('run-to keys find faults forward and back, and say when there is none', async ({ page }) => {
  await openAt(page, '#1/mixed/n=0');
  await page.keyboard.press('f');
  const first = (await position(page)).step;
  expect(first).toBeGreaterThan(1);
  await page.keyboard.press('f');
  expect((await position(page)).step).toBeGreaterThan(first);
  await page.keyboard.press('Shift+F');
  expect((await position(page)).step).toBe(first);
  await page.keyboard.press('Shift+F');
  await expect(page.locator('.remark')).toHaveText('No earlier fault.');
  expect((await position(page)).step).toBe(first);
});

test('the scrubber goes anywhere, by pointer and by key', async ({ page }) => {
  await openAt(page, '#1/mixed/n=0');
  const scrubber = page.getByRole('slider', { name: 'Step' });
  const box = await scrubber.boundingBox();
  if (box === null) throw new Error('the scrubber has no box');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const { step, length } = await position(page);
  expect(Math.abs(step - length / 2)).toBeLessThan(length / 20);
  await scrubber.press('ArrowRight');
  expect((await position(page)).step).toBe(step + 1);
});

test('dragging the scrubber follows the pointer, wherever it strays, and keys go on from there', async ({ page }) => {
  await openAt(page, '#1/mixed/n=0');
  const scrubber = page.getByRole('slider', { name: 'Step' });
  const box = await scrubber.boundingBox();
  if (box === null) throw new Error('the scrubber has no box');
  const at = (part: number): number => box.x + box.width * part;
  await page.mouse.move(at(0.25), box.y + box.height / 2);
  await page.mouse.down();
  await expect.poll(async () => (await position(page)).step / (await position(page)).length).toBeCloseTo(0.25, 1);
  await page.mouse.move(at(0.75), box.y - 200, { steps: 5 });
  await expect.poll(async () => (await position(page)).step / (await position(page)).length).toBeCloseTo(0.75, 1);
  await page.mouse.move(at(2), box.y);
  await page.mouse.up();
  await expect.poll(async () => (await position(page)).step).toBe((await position(page)).length);
  await page.mouse.move(at(0.5), box.y);
  await expect(scrubber).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await position(page)).step).toBe((await position(page)).length - 1);
});

test('playing moves the cursor and stops at the end', async ({ page }) => {
  await openAt(page, '#1/mixed/n=0');
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('2000');
  await page.keyboard.press('Escape');
  await page.locator('body').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('Space');
  await expect.poll(async () => (await position(page)).step).toBe((await position(page)).length);
  await expect(page.getByRole('button', { name: 'Play or pause' })).toHaveAttribute('aria-pressed', 'false');
});

test('a click on the timeline goes to that step, a drag zooms', async ({ page }) => {
  await openAt(page, '#1/mixed/n=0');
  const chart = page.locator('.timeline-touch');
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the timeline has no box');
  await page.mouse.click(box.x + box.width * 0.75, box.y + 30);
  const { step, length } = await position(page);
  expect(Math.abs(step - length * 0.75)).toBeLessThan(length / 20);
  await page.mouse.move(box.x + box.width * 0.5, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await page.mouse.click(box.x + 2, box.y + 30);
  expect((await position(page)).step).toBeGreaterThan(length * 0.4);
});

test('another scenario opens from the picker', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('c');
  await page.getByRole('combobox', { name: 'Find a scenario' }).fill('swap');
  const title = await page.locator('.picker-title').first().innerText();
  await page.keyboard.press('Enter');
  await expect(page.locator('.scenario-button')).toContainText(title);
  await ready(page);
});

test('another entry point records the same scenario anew', async ({ page }) => {
  await openAt(page, '#1/mixed');
  const before = await position(page);
  await page.getByRole('combobox', { name: 'Strategy and entry point' }).selectOption('setup');
  await expect.poll(async () => (await position(page)).length).not.toBe(before.length);
  await expect(page).toHaveURL(/o=setup/);
});

test('a link reopens the exact step after a reload', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/n=101$/);
  await page.reload();
  await ready(page);
  expect((await position(page)).step).toBe(102);
});

test('breakpoints stop playing; a click on the count runs to the line', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  const stop = page.getByRole('button', { name: /^Breakpoint at line/ }).first();
  await stop.click();
  await expect(stop).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Home');
  await page.keyboard.press('b');
  await expect(page.locator('.remark')).toHaveCount(0);
  const run = page.getByRole('button', { name: /^Run to line/, disabled: false }).first();
  const before = (await position(page)).step;
  await run.click();
  expect((await position(page)).step).not.toBe(before);
});

test('“who wrote this” jumps to an earlier step', async ({ page }) => {
  await openAt(page);
  const before = (await position(page)).step;
  await page
    .getByRole('button', { name: /^Who wrote the value before/ })
    .first()
    .click();
  expect((await position(page)).step).toBeLessThan(before);
});

test('the step log follows the cursor, filters and moves it', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await page.keyboard.press('2');
  const log = page.getByRole('listbox', { name: 'Step log' });
  await expect(log.getByRole('option', { selected: true })).toContainText('101');
  await log.focus();
  await page.keyboard.press('ArrowDown');
  expect((await position(page)).step).toBe(102);
  await page.getByRole('searchbox', { name: 'Filter the step log' }).fill('hmm_range_fault');
  await log.getByRole('option').first().click();
  await expect(page.locator('.narration-fn')).toContainText('hmm_range_fault');
});
