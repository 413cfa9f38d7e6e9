import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Arrival from '../../src/session/arrival.ts';
import type * as Store from '../../src/session/store.ts';
import { oneLineDown } from '../../scripts/compile-hint.ts';

/** Frames that were asked for and have not run. */
let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  frames = [];
  vi.resetModules();
  vi.stubGlobal('requestAnimationFrame', (run: FrameRequestCallback) => frames.push(run));
});
afterEach(() => vi.unstubAllGlobals());

function frame(): void {
  const now = frames;
  frames = [];
  for (const run of now) run(0);
}

async function page(): Promise<{
  readonly arrival: typeof Arrival;
  readonly store: typeof Store.store;
  readonly filled: () => string;
}> {
  const arrival = await import('../../src/session/arrival.ts');
  const { store } = await import('../../src/session/store.ts');
  arrival.startArrival();
  const filled = (): string =>
    (['pfns', 'text', 'timeline', 'code', 'rest'] as const).filter((p) => arrival.isFilled(p)).join(' ');
  return { arrival, store, filled };
}

test('the first frame after the first recording is the stage’s alone; then one part follows in each', async () => {
  const { store, filled, arrival } = await page();
  let told = 0;
  arrival.watchArrival(() => told++);
  expect(frames).toHaveLength(0);
  store.setState({ recording: 1 });
  frame();
  expect(filled()).toBe('');
  frame();
  expect(filled()).toBe('pfns');
  for (let i = 0; i < 4; i++) frame();
  expect(filled()).toBe('pfns text timeline code rest');
  expect(told).toBe(5);
  expect(frames).toHaveLength(0);
});

test('a page that waits for a long recording, or has a problem to show, is filled meanwhile', async () => {
  const { store, filled } = await page();
  store.setState({ problem: { title: 'no such scenario', details: [] } });
  for (let i = 0; i < 6; i++) frame();
  expect(filled()).toBe('pfns text timeline code rest');
});

test('what is done at leisure waits for every part, and is done at once from then on', async () => {
  const { store, arrival } = await page();
  vi.stubGlobal('requestIdleCallback', (run: () => void) => run());
  let done = 0;
  void arrival.atLeisure().then(() => done++);
  store.setState({ recording: 1 });
  for (let i = 0; i < 5; i++) frame();
  await Promise.resolve();
  expect(done).toBe(0);
  frame();
  await Promise.resolve();
  expect(done).toBe(1);
  await arrival.atLeisure();
});

test('a source map moves down by the line that is put in front of the file', () => {
  const map = { version: 3, sources: ['a.ts'], mappings: 'AAAA;AACA' };
  expect(JSON.parse(oneLineDown(JSON.stringify(map)))).toEqual({ ...map, mappings: ';AAAA;AACA' });
});
