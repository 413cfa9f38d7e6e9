import { beforeEach, expect, test } from 'vitest';
import { bindSites } from '../../src/patch/anchor/bind.ts';
import { findLinked, lineLink } from '../../src/patch/line-link.ts';
import { ownText } from '../../src/patch/read/lines.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import type { PatchSet } from '../../src/patch/read/types.ts';
import { StepLines } from '../../src/patch/step-line.ts';
import { decodeLink } from '../../src/scenario/link.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { lineAddress, openLineLink } from '../../src/session/patch/line-link.ts';
import { patchStore } from '../../src/session/patch/state.ts';
import { store } from '../../src/session/store.ts';
import { SERIES } from '../support/patch-fixture.ts';

const read = (...texts: string[]): Promise<PatchSet> =>
  readPatches(texts.map((content, i) => ({ name: `input ${i}`, content })));
const lineOf = (set: PatchSet, text: string, nth = 0): number =>
  [...set.lines.text.keys()].filter((i) => ownText(set.lines, i) === text)[nth] ?? -1;
const DIFF = 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,4 @@\n a\n+same\n+same\n b\n';
const show = (set: PatchSet | null): void => {
  const binding = set === null ? null : bindSites(set);
  patchStore.setState({
    loaded: set === null || binding === null ? null : { set, binding, steps: new StepLines(binding) },
    line: -1,
  });
};

beforeEach(() => {
  patchStore.setState({ ...patchStore.getInitialState() });
  store.setState({ codeView: 'model' });
});

test('every line of the posted diffs is found again, also behind other mails; nothing else has a link', async () => {
  const set = await read(SERIES);
  const later = await read(DIFF, SERIES);
  let links = 0;
  for (const i of set.lines.text.keys()) {
    const link = lineLink(set, i);
    if (link === undefined) continue;
    links++;
    expect(link).toMatch(/^patch:[\w\-.:+]{1,194}$/);
    expect(findLinked(set, link)).toEqual({ line: i });
    const there = findLinked(later, `tab:log,${link}`);
    expect(there !== undefined && 'line' in there && ownText(later.lines, there.line)).toBe(ownText(set.lines, i));
  }
  // 15 of the first patch, 4 of the second.
  expect(links).toBe(19);
  expect(lineLink(set, lineOf(set, 'Counts naïvely.'))).toBeUndefined();
  expect(lineLink(set, -1)).toBeUndefined();
});

test('lines that are alike are told apart; a diff without a mail is named as such', async () => {
  const set = await read(DIFF);
  const [first, second] = [0, 1].map((n) => lineLink(set, lineOf(set, '+same', n)));
  expect(second).toBe(`${first}:1`);
  expect(findLinked(set, second ?? '')).toEqual({ line: lineOf(set, '+same', 1) });
  expect(findLinked(null, second ?? '')).toEqual({ patch: 'the diff that the link was made from', loaded: false });
});

test('what is not loaded is named: by message id, else by subject; words that are no link are none', async () => {
  const set = await read(SERIES);
  const line = lineOf(set, '+\tspinlock_t *lock;');
  const link = lineLink(set, line) ?? '';
  expect(findLinked(null, link)).toEqual({ patch: 'the mail with Message-ID <one@example.org>', loaded: false });
  expect(findLinked(await read(SERIES.replace('+\tspinlock_t *lock;', '+\tspinlock_t *ptl;')), link)).toMatchObject({
    loaded: true,
  });
  const bare = await read(SERIES.replaceAll(/^Message-ID.*\n/gm, ''));
  expect(findLinked(null, lineLink(bare, lineOf(bare, '+\tspinlock_t *lock;')) ?? '')).toMatchObject({
    patch: 'the patch with the subject "patch v4 1 2 mm hmm collect under the lock"',
  });
  for (const view of ['', 'tab:log', 'patch:', 'patch:x:1', 'patch:m<b>:1', `patch:m${'a'.repeat(200)}:1`])
    expect(findLinked(set, view)).toBeUndefined();
});

test('a link opens the line, or says what to load and opens it then', async () => {
  const set = await read(SERIES);
  const line = lineOf(set, '+\tspinlock_t *lock;');
  const [scenario] = LIBRARY;
  if (scenario === undefined) throw new Error('the library is empty');
  store.setState({ spec: { scenario, strategy: 'unified', revision: 'v2' }, step: 3 });
  show(set);
  const decoded = await decodeLink((await lineAddress(line)) ?? '');
  expect(decoded.error).toBeUndefined();
  const view = decoded.ok?.view ?? '';
  expect(decoded.ok?.step).toBe(3);
  show(null);
  openLineLink(view);
  expect(store.getState().codeView).toBe('patch');
  expect(patchStore.getState()).toMatchObject({ wanted: view, opening: true });
  expect(patchStore.getState().problem?.details[0]).toContain('<one@example.org>');
  show(set);
  openLineLink(patchStore.getState().wanted ?? '');
  expect(patchStore.getState()).toMatchObject({ line, held: 3, wanted: null, opening: false, problem: null });
});
