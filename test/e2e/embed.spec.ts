import type { Page } from '@playwright/test';
import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { position, ready } from './support.ts';

/** A page of somebody else, with the app in a frame; keeps what the frame says. */
async function host(page: Page, base: string, query: string): Promise<void> {
  const body = `<!doctype html><title>Course</title><iframe title="walk" width="960" height="600"></iframe>`;
  await page.route('**/course.html', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('course.html');
  await page.evaluate((src) => {
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard });
    addEventListener('message', (e) => heard.push(e.data));
    const frame = document.querySelector('iframe');
    if (frame) frame.src = src;
  }, `${base}${query}`);
}

function heard(page: Page): Promise<Record<string, unknown>[]> {
  return page.evaluate(() => (globalThis as unknown as { heard: Record<string, unknown>[] }).heard);
}

async function say(page: Page, message: unknown): Promise<void> {
  await page.evaluate((m) => document.querySelector('iframe')?.contentWindow?.postMessage(m, '*'), message);
}

/** Sends a message and gives its answer. */
async function ask(page: Page, message: Record<string, unknown>): Promise<Record<string, unknown>> {
  const id = Math.random().toString(36);
  await say(page, { walkscope: 1, id, ...message });
  await expect.poll(async () => (await heard(page)).some((m) => m['id'] === id)).toBe(true);
  return (await heard(page)).find((m) => m['id'] === id) ?? {};
}

test('an embedded page shows the chosen parts and obeys messages', async ({ page, baseURL }) => {
  await host(page, baseURL ?? '', '?embed=stage,narration,transport#1/mixed/n=100');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.position')).toContainText('step 101 of', { timeout: 30_000 });
  await expect(frame.getByRole('region', { name: 'Stage' })).toBeVisible();
  await expect(frame.getByRole('banner')).toHaveCount(0);
  await expect(frame.getByRole('link', { name: 'Open in Walkscope' })).toHaveAttribute('href', /\/#1\/mixed\/n=100$/);
  expect((await heard(page))[0]).toEqual({ walkscope: 1, event: 'ready' });

  const now = await ask(page, { do: 'get' });
  expect(now).toMatchObject({ event: 'answer', scenario: 'mixed', step: 100, playing: false, link: '#1/mixed/n=100' });
  expect(await ask(page, { do: 'go', step: 7 })).toMatchObject({ event: 'answer', step: 7 });
  await expect(frame.locator('.position')).toContainText('step 8 of');
  expect(await ask(page, { do: 'run', command: 'step' })).toMatchObject({ event: 'answer', step: 8 });
  expect(await ask(page, { do: 'open', link: '#1/lock-leak/n=61' })).toMatchObject({ scenario: 'lock-leak', step: 61 });
  await expect.poll(async () => (await heard(page)).some((m) => m['event'] === 'step' && m['step'] === 61)).toBe(true);

  for (const [message, says] of [
    [{ do: 'run', command: 'import' }, 'no command that can be run from outside'],
    [{ do: 'open', link: '#1/nothing' }, 'the library has no scenario "nothing"'],
  ] as const)
    expect(String((await ask(page, message))['message'])).toContain(says);
  for (const wrong of [{ do: 'go', step: 'x' }, { do: 'erase' }, { do: 'go', step: 1, more: 1 }]) {
    const before = (await heard(page)).length;
    await say(page, { walkscope: 1, ...wrong });
    await expect.poll(async () => (await heard(page)).slice(before).some((m) => m['event'] === 'error')).toBe(true);
  }
  const before = (await heard(page)).length;
  await say(page, { type: 'of another library' });
  await say(page, 'text');
  expect(await ask(page, { do: 'get' })).toMatchObject({ step: 61 });
  expect((await heard(page)).length).toBe(before + 1);
});

test('with an origin named, no other page is obeyed', async ({ page, baseURL }) => {
  await host(page, baseURL ?? '', '?embed&embed-origin=https://course.example#1/mixed/n=100');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.position')).toContainText('step 101 of', { timeout: 30_000 });
  await say(page, { walkscope: 1, do: 'go', step: 7 });
  await page.waitForTimeout(300);
  await expect(frame.locator('.position')).toContainText('step 101 of');
  expect(await heard(page)).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an embedded page has no accessibility violation and moves by keys, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 960, height: 560 });
    await page.goto('?embed=stage,pfns,code,timeline,narration,scrubber,transport#1/mixed/n=100');
    await ready(page);
    await page.keyboard.press('ArrowRight');
    expect((await position(page)).step).toBe(102);
    expect(await violations(page)).toEqual([]);
  });
}
