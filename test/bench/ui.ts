import { existsSync } from 'node:fs';
import { type Browser, type Page, chromium } from '@playwright/test';
import { preview } from 'vite';
import { BROWSER_FLAGS, chooseBrowser, thisComputer } from '../../scripts/chromium.ts';
import { freePort } from '../../scripts/port.ts';
import { encodeLink } from '../../src/scenario/link.ts';
import { type Row, median, quantile } from './measure.ts';
import { firstPages, largeScenario, unified } from './runs.ts';

/** Pages whose walk takes a million steps. */
const MILLION_STEPS_PAGES = 27_136;
/** Without a frame rate to wait for, the time from an action to its frame is the work it costs. */
const FLAGS = [...BROWSER_FLAGS, '--disable-frame-rate-limit', '--disable-gpu-vsync'];

/** The built page in a real browser: opening, stepping, jumping, playing. No rows without a build or a browser. */
export async function uiRows(): Promise<Row[]> {
  const choice = chooseBrowser(thisComputer());
  if (!existsSync('dist/index.html') || choice.kind !== 'use') {
    console.error('ui: no rows: npm run build first, and have a Chromium');
    return [];
  }
  const port = await freePort();
  const server = await preview({ preview: { host: '127.0.0.1', port, strictPort: true } });
  const browser = await chromium.launch({ executablePath: choice.path, args: FLAGS });
  try {
    const address = `http://127.0.0.1:${port}/`;
    const first = await firstWalk(browser, address);
    const long = await openLong(
      browser,
      address + (await encodeLink({ spec: unified(firstPages(MILLION_STEPS_PAGES)) })),
    );
    const steps = await long.evaluate(steppings, 200);
    const jumps = await long.evaluate(jumpings, 200);
    await long.close();
    const large = await openLong(browser, address + (await encodeLink({ spec: unified(largeScenario()) })));
    const frames = await large.evaluate(playing, 4000);
    return [
      { name: 'load.first_walk_ms', value: first, unit: 'ms' },
      { name: 'ui.step_work_p50_ms@1e6', value: median(steps), unit: 'ms' },
      { name: 'ui.step_work_p95_ms@1e6', value: quantile(steps, 0.95), unit: 'ms' },
      { name: 'ui.jump_p50_ms@1e6', value: median(jumps), unit: 'ms' },
      { name: 'ui.jump_p95_ms@1e6', value: quantile(jumps, 0.95), unit: 'ms' },
      { name: 'ui.frame_p50_ms@262144', value: median(frames), unit: 'ms' },
      { name: 'ui.frame_p95_ms@262144', value: quantile(frames, 0.95), unit: 'ms' },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Milliseconds from the navigation to the first recording on the screen; the median of five fresh visits. */
async function firstWalk(browser: Browser, address: string): Promise<number> {
  const ms: number[] = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(address);
    await ready(page);
    ms.push(await page.evaluate(() => performance.now()));
    await context.close();
  }
  return median(ms);
}

/** The loader wraps functions to keep their names; the page has to know the wrapper. */
const KEEP_NAMES = 'globalThis.__name = (f) => f';

/** Opens a recording that takes a while to make. */
async function openLong(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(KEEP_NAMES);
  await page.goto(address);
  await ready(page);
  return page;
}

/** A recording is in place when its slider can be moved. */
async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('input.scrubber:not(:disabled)') !== null, undefined, {
    polling: 'raf',
    timeout: 300_000,
  });
}

/*
 * What runs in the page. Each function is sent there as text, so it uses nothing from outside itself.
 */

/** Presses the key for one step, forward and backward in turns of ten; ms from each press to the end of its frame. */
async function steppings(count: number): Promise<number[]> {
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve());
        port1.start();
        port2.postMessage(0);
      });
    });
  const ms: number[] = [];
  for (let i = 0; i < count + 10; i++) {
    await frame();
    const start = performance.now();
    document.dispatchEvent(
      new KeyboardEvent('keydown', { key: i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true }),
    );
    await frame();
    if (i >= 10) ms.push(performance.now() - start);
  }
  return ms;
}

/** Moves the slider to places all over the recording; ms from each move to the end of its frame. */
async function jumpings(count: number): Promise<number[]> {
  const frame = (): Promise<void> =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => resolve());
        port1.start();
        port2.postMessage(0);
      });
    });
  const slider = document.querySelector<HTMLInputElement>('input.scrubber');
  if (!slider) throw new Error('no slider');
  const ms: number[] = [];
  let x = 1;
  for (let i = 0; i < count + 5; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    await frame();
    const start = performance.now();
    // React watches the property of the element itself; the setter of the prototype tells it nothing.
    Reflect.set(HTMLInputElement.prototype, 'value', String(x % Number(slider.max)), slider);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
    if (i >= 5) ms.push(performance.now() - start);
  }
  return ms;
}

/** Plays for so many milliseconds; ms from frame to frame. */
async function playing(duration: number): Promise<number[]> {
  const speed = document.querySelector<HTMLSelectElement>('.transport select');
  if (speed) {
    speed.selectedIndex = speed.options.length - 1;
    speed.dispatchEvent(new Event('change', { bubbles: true }));
  }
  document.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }));
  const ms: number[] = [];
  const begin = performance.now();
  let last = begin;
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const now = performance.now();
      ms.push(now - last);
      last = now;
      if (now - begin > duration) resolve();
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  });
  return ms.slice(5);
}
