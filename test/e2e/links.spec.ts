import { violations } from './axe.ts';
import { expect, test } from './page.ts';
import { openAt, position, ready } from './support.ts';

test('what is on the screen is in the link, and opens in another browser', async ({ page, browser, baseURL }) => {
  await openAt(page, '#1/mixed/n=100');
  await page.keyboard.press('2');
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('v');
  await page.keyboard.press('z');
  await expect(page).toHaveURL(/\/v=tab:log,closed:code,voice:reviewer,at:\d+-\d+\/n=100$/);
  const url = page.url();
  expect(url.slice(url.indexOf('#')).length).toBeLessThanOrEqual(120);
  const other = await browser.newContext(baseURL === undefined ? {} : { baseURL });
  const there = await other.newPage();
  await there.goto(url);
  await ready(there);
  expect(await position(there)).toEqual(await position(page));
  await expect(there.getByRole('tab', { name: 'Log' })).toHaveAttribute('aria-selected', 'true');
  await expect(there.getByRole('button', { name: 'Open Code' })).toBeVisible();
  await expect(there).toHaveURL(url);
  await other.close();
});

test('a link that is wrong says so and opens the app all the same', async ({ page }) => {
  await openAt(page, '#1/mixed/r=v99');
  await expect(page.getByRole('alert')).toContainText('"v99" is no revision: expected v2');
  expect((await position(page)).length).toBeGreaterThan(100);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the QR code of a step, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAt(page, '#1/mixed/n=100');
    await page.keyboard.press('Shift+Y');
    const code = page.getByRole('img', { name: /^QR code/ });
    await expect(code).toBeVisible();
    await expect(page.getByRole('region', { name: 'Link' })).toContainText('#1/mixed/n=100');
    // Three finder patterns: dark at their corners, whatever the theme.
    expect(Number(await code.getAttribute('data-size'))).toBeGreaterThanOrEqual(25);
    await expect(code.locator('.qr-dark')).toHaveCSS('fill', 'rgb(0, 0, 0)');
    expect(await violations(page)).toEqual([]);
  });
}
