import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as Store from '../../src/session/store.ts';

let frames: FrameRequestCallback[] = [];
let now = 0;

beforeEach(() => {
  frames = [];
  now = 1000;
  vi.resetModules();
  vi.stubGlobal('requestAnimationFrame', (run: FrameRequestCallback) => frames.push(run));
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The next frame, 16 ms later. */
function frame(): void {
  now += 16;
  const asked = frames;
  frames = [];
  for (const run of asked) run(now);
}

/** Two panes that note when they followed. */
async function panes(): Promise<{ readonly followed: string[]; readonly store: typeof Store.store }> {
  const { follow, startFollowers } = await import('../../src/session/follow.ts');
  const { store } = await import('../../src/session/store.ts');
  const followed: string[] = [];
  for (const id of ['code', 'text'] as const) follow(id, () => followed.push(`${id}@${store.getState().step}`));
  startFollowers();
  return { followed, store };
}

test('after a step the frame is the stage’s; then one pane follows in each', async () => {
  const { followed, store } = await panes();
  store.setState({ step: 0 });
  frame();
  expect(followed).toEqual([]);
  frame();
  expect(followed).toEqual(['code@0']);
  frame();
  expect(followed).toEqual(['code@0', 'text@0']);
  expect(frames).toHaveLength(0);
});

test('a single leap is followed as quickly as a step', async () => {
  const { followed, store } = await panes();
  store.setState({ step: 5000 });
  frame();
  frame();
  frame();
  expect(followed).toEqual(['code@5000', 'text@5000']);
});

test('while the cursor leaps on and on no pane follows, though frames lie between; at rest all of them stand at it', async () => {
  const { followed, store } = await panes();
  for (let i = 1; i <= 10; i++) {
    store.setState({ step: i * 5000 });
    frame();
    if (i > 1) frame();
  }
  expect(followed).toEqual([]);
  for (let i = 0; i < 14; i++) frame();
  expect(followed).toEqual(['code@50000', 'text@50000']);
  expect(frames).toHaveLength(0);
});

test('a scrub without end starves nobody, and a walk that plays is no scrub', async () => {
  const { followed, store } = await panes();
  for (let i = 1; i <= 70; i++) {
    store.setState({ step: i * 5000 });
    frame();
  }
  expect(followed).toHaveLength(1);
  followed.length = 0;
  for (let i = 0; i < 20; i++) frame();
  followed.length = 0;
  store.setState({ playing: 1 });
  for (let i = 1; i <= 8; i++) {
    store.setState({ step: i * 4 });
    frame();
  }
  expect(followed.length).toBeGreaterThan(0);
});
