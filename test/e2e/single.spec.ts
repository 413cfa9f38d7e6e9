import { test as plain } from '@playwright/test';
import { expect, test } from './page.ts';
import { openAt, position, ready } from './support.ts';

// Runs only in the project "single file": the page is dist-single/index.html, opened from file://.

// Without the watch for errors on the console: here they are provoked.
plain('the policy of the single file lets nothing in but its own two scripts', async ({ page }) => {
  await openAt(page);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; style-src 'sha256-[^']+'/);
  expect(policy).not.toContain('connect-src');
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.strayRan = true';
    document.head.append(script);
    const asked = await fetch('https://example.org/').then(
      () => true,
      () => false,
    );
    return { stray: 'strayRan' in globalThis, asked };
  });
  expect(ran).toEqual({ stray: false, asked: false });
});

test('a scenario large enough for the worker is recorded in it', async ({ page }) => {
  await openAt(page);
  const large = {
    format: 'walkscope-scenario',
    version: 1,
    id: 'large',
    title: 'Two thousand pages of a test',
    base: '0x200000000',
    vmas: [{ start: 0, end: 2048, perms: 'rw-p', kind: 'anon' }],
    entries: [{ page: 0, count: 2048, level: 'pte', kind: 'present', write: true, folio: { exclusive: true } }],
    request: { start: 0, end: 2048, fault: true, write: false, select: ['SYSTEM'], device: 0 },
  };
  await page.keyboard.press('i');
  await page.getByRole('textbox', { name: 'or text' }).fill(JSON.stringify(large));
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await expect(page.locator('.scenario-button')).toContainText('Two thousand pages', { timeout: 30_000 });
  await ready(page);
  expect((await position(page)).length).toBeGreaterThan(20_000);
});

test('captures that ship are inside', async ({ page }) => {
  await openAt(page);
  await page.keyboard.press('i');
  await page.locator('.samples button').first().click();
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 30_000 });
  await ready(page);
});

test('the address holds the step, and opens on it again', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/n=101$/);
  await page.reload();
  await ready(page);
  expect((await position(page)).step).toBe(102);
});
