import { readFileSync } from 'node:fs';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import type { Page } from '@playwright/test';
import { jsonFile, openAt, ready } from './support.ts';

const guide = (page: Page) => page.locator('.guide');

test('from opening the page to the first answered question, as somebody new', async ({ page }) => {
  await page.goto('./');
  await ready(page);
  await page.getByRole('button', { name: 'Try a question' }).click();
  const question = page.getByRole('region', { name: 'Question' }).last();
  await question.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Commit' }).click();
  await expect(question.getByText(/^(Right|Not so)\./)).toBeVisible();
  await expect(guide(page)).toContainText('1 of 10 answered');
  // Asked once, never again.
  await page.getByRole('button', { name: 'No more questions' }).click();
  await expect(page.getByText('New here?')).toHaveCount(0);
});

test('a whole tour by the keyboard alone', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('h');
  await expect(page.getByRole('button', { name: /^Start tour 1:/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(guide(page)).toContainText('Stop 1 of 12');
  for (let stop = 2; stop <= 12; stop++) {
    await page.keyboard.press('PageDown');
    await expect(guide(page)).toContainText(`Stop ${stop} of 12`);
    await expect(page.locator('.guide-error')).toHaveCount(0);
  }
  // The address is that of the stop, and opens it in another tab.
  await expect.poll(() => new URL(page.url()).hash).toBe('#t1/page-walk/12');
  await page.keyboard.press('PageUp');
  await expect(guide(page)).toContainText('Stop 11 of 12');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('button', { name: 'Back to the stop’s step' })).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: 'Back to the stop’s step' })).toHaveCount(0);
  await page.keyboard.press('Shift+H');
  await expect(guide(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Open Code' })).toHaveCount(0);
});

test('the same quiz link asks everybody the same; answers go to the score sheet', async ({ page, context }) => {
  await openAt(page, '?quiz=room-5#1/mixed/n=-1');
  const texts = async (p: Page): Promise<string[]> => {
    await expect(p.locator('.question legend')).toBeVisible();
    return p.locator('.question legend, .question .choice-text').allInnerTexts();
  };
  const first = await texts(page);
  const other = await context.newPage();
  await other.goto('./?quiz=room-5#1/mixed/n=-1');
  await ready(other);
  expect(await texts(other)).toEqual(first);
  await other.close();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Next question' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  expect(await texts(page)).not.toEqual(first);
  await page.keyboard.press('Shift+Q');
  const sheet = page.getByRole('dialog', { name: 'Score sheet' });
  await expect(sheet.locator('tbody tr')).toHaveCount(1);
  await expect(sheet).toContainText('set “room-5”');
});

test('playing stops before a question', async ({ page }) => {
  await openAt(page, '?quiz=room-5#1/mixed/n=-1');
  await page.getByRole('button', { name: 'Ask here' }).click();
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Commit' }).click();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption({ label: '240 steps/s' });
  await page.getByRole('button', { name: 'Play or pause' }).click();
  await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play or pause' })).toHaveAttribute('aria-pressed', 'false');
});

test('a tour is written, saved, and opened again from its file', async ({ page }) => {
  await openAt(page, '#1/mixed/n=39');
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'New tour, from this step' }).click();
  await page.getByLabel('Title of the stop').fill('Here it goes');
  await page.getByLabel('Note for students (Markdown)').fill('Look at **page 0**. <img src=x onerror=alert(1)>');
  await page.getByLabel('Title of the stop').focus();
  await page.getByRole('slider').first().press('End');
  await page.getByRole('button', { name: 'Add stop here' }).click();
  await expect(guide(page)).toContainText('Stop 2 of 2');
  await page.getByRole('button', { name: 'Move up' }).click();
  await expect(guide(page)).toContainText('Stop 1 of 2');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByLabel('Place').fill('first nowhere:at-all');
  await page.getByLabel('Place').press('Enter');
  await expect(page.locator('.guide-error')).toContainText('cannot be shown');
  await page.getByRole('button', { name: 'Undo' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as file' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    format: 'walkscope-tour',
    stops: [{ title: 'Here it goes' }, { at: 'end' }],
  });
  await page.getByRole('button', { name: 'Leave the tour' }).click();
  await page.keyboard.press('h');
  await page.getByLabel('Tour file').setInputFiles(jsonFile('mine.json', text));
  await expect(guide(page)).toContainText('Here it goes');
  // HTML in a note is text, never an element.
  await expect(page.locator('.note strong')).toHaveText('page 0');
  await expect(page.locator('.note img')).toHaveCount(0);
  await expect(page.locator('.note')).toContainText('<img src=x');
});

test('a broken tour file and a broken link say what is wrong, and nothing is lost', async ({ page }) => {
  await openAt(page, '#t1/no-such-tour/1');
  await expect(page.getByRole('alert').first()).toContainText('there is no tour "no-such-tour"');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const before = await page.locator('.scenario-button').innerText();
  await page.keyboard.press('h');
  const broken = {
    format: 'walkscope-tour',
    version: 1,
    id: 'x',
    title: 'x',
    about: '',
    goal: '',
    minutes: 1,
    stops: [{ title: 'One', at: 'over there', note: '' }],
  };
  await page.getByLabel('Tour file').setInputFiles(jsonFile('broken.json', broken));
  const dialog = page.getByRole('dialog', { name: 'Tours' });
  await expect(dialog.getByRole('alert')).toContainText('broken.json is not a tour that can be played');
  await expect(dialog.getByRole('alert')).toContainText('stops[0].run: the first stop has to say its run');
  await expect(dialog.getByRole('alert')).toContainText('stops[0].at:');
  await page.keyboard.press('Escape');
  expect(await page.locator('.scenario-button').innerText()).toBe(before);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no accessibility violation: tour, questions, editor, dialogs, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openAt(page, '#t1/mixed-ptes/5');
    await page.getByRole('radio').nth(1).check();
    await page.getByRole('button', { name: 'Commit' }).click();
    expect(await violations(page, { part: '.guide' })).toEqual([]);
    await page.locator('.term').first().click();
    await expect(page.getByRole('dialog', { name: 'Glossary' })).toBeVisible();
    expect(await violations(page, { part: 'dialog' })).toEqual([]);
    await page.keyboard.press('Escape');
    await guide(page).getByRole('button', { name: 'Edit' }).click();
    expect(await violations(page, { part: '.guide' })).toEqual([]);
    await page.getByRole('button', { name: 'Leave the tour' }).click();
    await page.keyboard.press('h');
    await page.getByRole('button', { name: 'Lecture notes of tour 3', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Lecture notes' })).toContainText('To discuss');
    expect(await violations(page, { part: 'dialog' })).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('q');
    await expect(page.getByRole('button', { name: 'Commit' })).toBeVisible();
    expect(await violations(page, { part: '.guide' })).toEqual([]);
  });
}
