import { expect, test } from './page.ts';
import { openAt, position } from './support.ts';

test('without a pointer: palette, scenario, step, tab, dialog and back', async ({ page }) => {
  await openAt(page);
  const command = page.getByRole('combobox', { name: 'Find a command' });
  await page.keyboard.press('Control+k');
  await expect(command).toBeFocused();
  await page.keyboard.type('first step');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await position(page)).step).toBe(1);
  await page.keyboard.press('Control+k');
  await expect(command).toBeFocused();
  await page.keyboard.type('choose a scen');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Find a scenario' })).toBeFocused();
  await page.keyboard.type('mixed');
  await page.keyboard.press('Enter');
  await expect(page.locator('.scenario-button')).toContainText(/mixed/i);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('3');
  await expect(page.getByRole('tab', { name: 'Entries' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('button', { name: 'Open Stage' })).toBeVisible();
  await page.keyboard.press('Alt+1');
  await expect(page.getByRole('button', { name: 'Open Stage' })).toHaveCount(0);
});

test('Tab reaches every control, and the focus is always visible', async ({ page }) => {
  await openAt(page);
  // The stage comes first, the panes after it.
  await expect(page.locator('.code-mark')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Call stack and locals' }).getByRole('button').first()).toBeVisible();
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const el = document.activeElement;
      if (!(el instanceof HTMLElement) || el === document.body) return null;
      const style = getComputedStyle(el);
      const label = el.closest('label')?.textContent ?? '';
      const name = el.getAttribute('aria-label') ?? (label || el.title || el.textContent);
      return { name: `${el.tagName} ${name}`, ring: style.outlineStyle !== 'none' };
    });
    if (at === null) break;
    expect(at.ring, at.name).toBe(true);
    seen.add(at.name);
  }
  const names = [...seen].join('\n');
  for (const part of [
    'Choose a scenario',
    'Step',
    'Speed',
    'Play or pause',
    'Call stack',
    'Source',
    'Show stack and locals',
  ])
    expect(names).toContain(part);
});

test('the live region tells the step at two depths', async ({ page }) => {
  await openAt(page, '#1/mixed/n=100');
  const said = page.locator('output').first();
  await expect(said).toContainText('Step 101.');
  const student = await said.innerText();
  await page.keyboard.press('v');
  await expect.poll(async () => said.innerText()).not.toBe(student);
});

test('tabs: arrows, Home and End go from one to the next, and only the one in front is in the tab order', async ({
  page,
}) => {
  await openAt(page);
  const tabs = page.getByRole('tablist', { name: 'Text views' }).getByRole('tab');
  const inFront = page.getByRole('tablist', { name: 'Text views' }).locator('[aria-selected="true"]');
  const before = await position(page);
  await tabs.first().focus();
  for (const [key, name] of [
    ['ArrowRight', 'Log'],
    ['End', 'Search'],
    ['ArrowRight', 'Stack'],
    ['ArrowLeft', 'Search'],
    ['Home', 'Stack'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(inFront).toHaveText(name);
    await expect(inFront).toBeFocused();
    expect(await tabs.evaluateAll((all) => all.filter((t) => (t as HTMLElement).tabIndex === 0).length)).toBe(1);
  }
  expect(await position(page)).toEqual(before);
});

test('the bars between panes move by keys and by the pointer, and stay where they were put', async ({ page }) => {
  await openAt(page);
  const bar = page.getByRole('separator', { name: 'Resize right' });
  const stage = page.getByRole('region', { name: 'Stage' });
  const width = async (): Promise<number> => (await stage.boundingBox())?.width ?? 0;
  const before = await width();
  await bar.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(bar).toHaveAttribute('aria-valuenow', '55');
  expect(await width()).toBeLessThan(before);
  await page.keyboard.press('End');
  await expect(bar).toHaveAttribute('aria-valuenow', '78');
  const box = await bar.boundingBox();
  if (box === null) throw new Error('no bar');
  await page.mouse.move(box.x + 3, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(720, box.y + 50);
  await page.mouse.up();
  await expect(bar).toHaveAttribute('aria-valuenow', '50');
  const dragged = await width();
  await page.reload();
  await expect(bar).toHaveAttribute('aria-valuenow', '50');
  expect(await width()).toBeCloseTo(dragged, 0);
  await bar.dblclick();
  await expect(bar).toHaveAttribute('aria-valuenow', '60');
});
