import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt } from './support.ts';

async function saved(page: Page, button: string): Promise<{ name: string; path: string; bytes: Buffer }> {
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByRole('button', { name: button }).click();
  const file = await download;
  const path = join(test.info().outputDir, file.suggestedFilename());
  await file.saveAs(path);
  return { name: file.suggestedFilename(), path, bytes: await readFile(path) };
}

test('the stage as SVG, PNG, storyboard and animated image', async ({ page, context }) => {
  await openAt(page, '#1/mixed/n=100');
  await page.keyboard.press('Shift+I');
  const picture = page.getByRole('region', { name: 'Picture' }).locator('img');
  await expect(picture).toBeVisible();

  const svg = await saved(page, 'Save SVG');
  expect(svg.name).toBe('mixed-101.svg');
  const text = svg.bytes.toString('utf8');
  expect(text).toContain('step 101 of');
  expect(text).toContain('<title id="t">');
  expect(text, 'nothing comes from style sheets or from elsewhere').not.toMatch(
    /class=|style=|var\(|https?:(?!\/\/www\.w3\.org)/,
  );
  // Wherever it is opened, it is set in the faces that it brings.
  const alone = await context.newPage();
  await alone.goto(pathToFileURL(svg.path).href);
  // It has to be well-formed for every other program.
  expect(await alone.evaluate(() => document.querySelector('parsererror')?.textContent ?? '')).toBe('');
  const faces = await alone.evaluate(async () => {
    await document.fonts.ready;
    return [...document.fonts].map((f) => `${f.family.replaceAll('"', '')} ${f.weight} ${f.status}`);
  });
  expect(faces.toSorted()).toEqual([
    'Walkscope Mono 400 loaded',
    'Walkscope Mono 600 700 loaded',
    'Walkscope Sans 400 loaded',
    'Walkscope Sans 600 700 loaded',
  ]);
  const families = await alone.evaluate(() =>
    [...document.querySelectorAll('text')].map((t) => getComputedStyle(t).fontFamily),
  );
  expect(new Set(families.map((f) => f.split(',')[0]))).toEqual(new Set(['"Walkscope Mono"', '"Walkscope Sans"']));
  await alone.close();

  const png = await saved(page, 'Save PNG');
  expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(/ width="(\d+)"/.exec(text)?.[1]));

  const steps = page.getByRole('textbox', { name: /^Steps/ });
  await steps.fill('99, 101-103');
  for (const ground of ['dark', 'clear-dark', 'clear-light', 'light']) {
    await page.getByRole('combobox', { name: /^Ground/ }).selectOption(ground);
    await expect(picture).toHaveAttribute('data-ground', ground);
  }
  await expect.poll(async () => picture.evaluate((i: HTMLImageElement) => i.naturalHeight)).toBeGreaterThan(1000);
  const board = await saved(page, 'Save SVG');
  expect(board.bytes.toString('utf8').match(/<svg /g)).toHaveLength(5);

  const gif = await saved(page, 'Save animated image');
  expect(gif.bytes.subarray(0, 6).toString()).toBe('GIF89a');
  // Graphic control extensions: one for each of the four frames.
  expect(gif.bytes.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(4);

  await steps.fill('0');
  await expect(page.getByText('expected steps from 1 to')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save SVG' })).toBeDisabled();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the dialog of pictures has no accessibility violation, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAt(page, '#1/mixed/n=100');
    await page.keyboard.press('Shift+I');
    await expect(page.getByRole('region', { name: 'Picture' }).locator('img')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
