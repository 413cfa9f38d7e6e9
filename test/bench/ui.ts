/**
 * The built page in a real browser, all panes open, 1440 × 900.
 *
 * Work is what the page's main thread does (scripts, style, layout, paint, commit), by the clock of that thread and
 * taken from the browser's own trace: see trace.ts. Rows named `_ms` that speak of work are such milliseconds; the rows
 * of loading and scrubbing are milliseconds on the wall.
 *
 * | row | from … to |
 * | --- | --- |
 * | load.first_walk_ms | navigation … the stage shows a walk; a fresh visit without a cache |
 * | load.first_walk_4x_ms | the same, the processor throttled to a quarter |
 * | ui.step_work_*@1e6 | a key press … the end of the frame that shows the step |
 * | ui.step_total_*@1e6 | a key press … every pane has followed and stands still; without transitions |
 * | ui.jump_*@1e6 | the slider set to a place anywhere … the end of its frame |
 * | ui.scrub_*_ms@1e6 | the mouse drags the slider's thumb … the end of the frame that shows the step (wall) |
 * | ui.play512_* | one frame while 512 pages are played at 8 steps/s, the speed the page begins with |
 * | ui.play512_*@60/s | one frame of the same at 60 steps/s, when each frame is a step |
 * | ui.frame_*@262144 | one frame while 262,144 entries are played as fast as it goes |
 * | ui.panzoom_*@262144 | one frame while the whole range of 262,144 entries is zoomed by the wheel and dragged |
 * | ui.search_frame_* | one frame while a walk is played at 8 steps/s and a search runs, idle ones included |
 * | ui.search_gap_* | between two frames of the same (wall): 16.7 is 60 frames a second |
 *
 * Otherwise frames in which nothing happens are left out, so that they do not flatter.
 */
import type { Browser, CDPSession, Page } from '@playwright/test';
import { encodeLink } from '../../src/scenario/link.ts';
import { KEEP_NAMES, SIZE, inBrowser, open, spread } from './browser.ts';
import { jumpings, panAndZoom, playing, steppings, watchFirstWalk, watchSlider } from './in-page.ts';
import { type Row, median } from './measure.ts';
import { firstPages, largeScenario, unified } from './runs.ts';
import { mainThreadWork } from './trace.ts';

/** Pages whose walk takes a million steps. */
const MILLION_STEPS_PAGES = 27_136;
/** A frame with less work than this, in milliseconds, is one in which nothing happened. */
const IDLE = 0.3;

/** Rows for the built page; `dist` is where the build lies. No rows without a build or a browser. */
export const uiRows = (dist: string): Promise<Row[]> =>
  inBrowser(dist, async (browser, address) => [
    ...(await loadRows(browser, address)),
    ...(await millionRows(browser, address)),
    ...(await playRows(browser, address)),
    ...(await largeRows(browser, address)),
    ...(await searchingRows(browser, address)),
  ]);

/** What the page does at 8 steps/s while every worker it offers searches beside it. */
async function searchingRows(browser: Browser, address: string): Promise<Row[]> {
  const page = await open(browser, `${address}#1/mixed`);
  await page.getByRole('tab', { name: 'Search' }).click();
  await page.getByLabel('up to bound').selectOption('4');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('states per second').waitFor();
  const frames = await mainThreadWork(page, 'frames', () => page.evaluate(playing, { speed: 8, duration: 8000 }));
  const gaps = await page.evaluate(() =>
    performance
      .getEntriesByName('bench-frame')
      .map((e, i, all) => e.startTime - (all[i - 1]?.startTime ?? e.startTime)),
  );
  await page.close();
  return [...spread('ui.search_frame', '', frames), ...spread('ui.search_gap', '', gaps.slice(1))];
}

async function loadRows(browser: Browser, address: string): Promise<Row[]> {
  return [
    { name: 'load.first_walk_ms', value: await firstWalk(browser, address, 1), unit: 'ms' },
    { name: 'load.first_walk_4x_ms', value: await firstWalk(browser, address, 4), unit: 'ms' },
  ];
}

async function millionRows(browser: Browser, address: string): Promise<Row[]> {
  const page = await open(browser, address + (await encodeLink({ spec: unified(firstPages(MILLION_STEPS_PAGES)) })));
  const steps = await mainThreadWork(page, 'actions', () => page.evaluate(steppings, { count: 200, settle: false }));
  const jumps = await mainThreadWork(page, 'actions', () => page.evaluate(jumpings, 200));
  const scrubs = await scrubbing(page, 120);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const totals = await mainThreadWork(page, 'actions', () => page.evaluate(steppings, { count: 40, settle: true }));
  await page.close();
  return [
    ...spread('ui.step_work', '@1e6', steps),
    ...spread('ui.step_total', '@1e6', totals),
    ...spread('ui.jump', '@1e6', jumps),
    ...spread('ui.scrub', '@1e6', scrubs),
  ];
}

async function playRows(browser: Browser, address: string): Promise<Row[]> {
  const page = await open(browser, address + (await encodeLink({ spec: unified(firstPages(512)), step: 200 })));
  const play = async (speed: number): Promise<number[]> => {
    const frames = await mainThreadWork(page, 'frames', () => page.evaluate(playing, { speed, duration: 8000 }));
    await page.keyboard.press(' ');
    return frames.filter((ms) => ms > IDLE);
  };
  const usual = await play(8);
  const fast = await play(60);
  await page.close();
  return [...spread('ui.play512', '', usual), ...spread('ui.play512', '@60/s', fast)];
}

async function largeRows(browser: Browser, address: string): Promise<Row[]> {
  const page = await open(browser, address + (await encodeLink({ spec: unified(largeScenario()) })));
  const frames = await mainThreadWork(page, 'frames', () => page.evaluate(playing, { speed: 20_000, duration: 5000 }));
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: 'Zoom out' }).click();
  await page.waitForSelector('.stage-view canvas');
  const moves = await mainThreadWork(page, 'frames', () => page.evaluate(panAndZoom, 400));
  await page.close();
  return [
    ...spread(
      'ui.frame',
      '@262144',
      frames.filter((ms) => ms > IDLE),
    ),
    ...spread(
      'ui.panzoom',
      '@262144',
      moves.filter((ms) => ms > IDLE),
    ),
  ];
}

/** Milliseconds from the navigation to the first walk on the stage; the median of five fresh visits. */
async function firstWalk(browser: Browser, address: string, slowdown: number): Promise<number> {
  const ms: number[] = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext({ viewport: SIZE, serviceWorkers: 'block' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await page.addInitScript(KEEP_NAMES);
    await page.addInitScript(watchFirstWalk);
    await page.goto(address, { waitUntil: 'commit' });
    ms.push(await seen(page, session));
    await context.close();
  }
  return median(ms);
}

/** When the page noted its first walk. It is asked seldom and without help, so that asking takes no time from it. */
async function seen(page: Page, session: CDPSession): Promise<number> {
  for (;;) {
    await page.waitForTimeout(500);
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'globalThis.firstWalk',
      returnByValue: true,
    });
    if (typeof result.value === 'number') return result.value;
  }
}

/** Drags the thumb of the slider with the mouse, one place after the other when the one before has been shown. */
async function scrubbing(page: Page, count: number): Promise<number[]> {
  const box = await page.locator('input.scrubber').boundingBox();
  if (!box) throw new Error('no slider');
  await page.evaluate(watchSlider);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  for (let i = 0; i < count; i++) {
    // Strides of a fifth of the way, to and fro, as a hand does it that looks for something.
    const at = Math.abs(((i * 0.043) % 1.6) - 0.8) / 0.8;
    await page.mouse.move(box.x + box.width * (0.02 + 0.96 * at), y);
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  const ms = await page.evaluate(() => (globalThis as unknown as { scrubMs: number[] }).scrubMs);
  return ms.slice(5);
}
