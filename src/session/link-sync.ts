import type { Lanes } from '../scenario/link.ts';
import { addressAt } from './address.ts';
import { copyAddress } from './clipboard.ts';
import { engine } from './engine.ts';
import { goTo, loaded } from './player.ts';
import { problemLines } from './problem-lines.ts';
import { openScenario, record } from './recorder.ts';
import { type AppState, store } from './store.ts';

/** Milliseconds that the cursor rests before the address follows; browsers refuse more than some hundred changes a minute. */
const PAUSE = 400;

let timer: ReturnType<typeof setTimeout> | null = null;
/** when the cursor moved last */
let moved = 0;
/** fragment that this module wrote last */
let written = '';

/** What a tour that is open would have the address say; set by the tour, which loads later. */
let guideFragment: ((step: number) => string | null) | null = null;

/** Lets a guide name the place at which the cursor stands, by a fragment of its own; null = by the step. */
export function setGuideFragment(of: (step: number) => string | null): void {
  guideFragment = of;
}

/** The lanes that stand side by side; set by the comparison, which loads later. */
let laneSpecs: (() => Lanes | null) | null = null;

/** Lets a comparison put its lanes into the address. */
export function setLaneSpecs(of: () => Lanes | null): void {
  laneSpecs = of;
}

/** The fragment of what is on the screen; null before the first recording. */
export async function currentFragment(): Promise<string | null> {
  const { spec, step, guide, view } = store.getState();
  if (spec === null) return null;
  const guided = guide === null ? null : (guideFragment?.(step) ?? null);
  if (guided !== null) return guided;
  const { encodeLink, shortLink, viewText } = await engine();
  const beside = view === 'compare' ? laneSpecs?.() : null;
  const looks = viewText(store.getState(), loaded()?.recording.length ?? 0);
  const state = { spec, step, ...(beside ? { beside } : {}), ...(looks === undefined ? {} : { view: looks }) };
  return shortLink(state) ?? encodeLink(state);
}

async function write(): Promise<void> {
  timer = null;
  // While it moves the address stands still; it catches up when the cursor rests.
  if (store.getState().playing !== 0 || performance.now() - moved < PAUSE) {
    timer = setTimeout(() => void write(), PAUSE);
    return;
  }
  const link = await currentFragment();
  if (link === null || link === written) return;
  written = link;
  history.replaceState(null, '', link);
}

/** What the address tells. */
const NAMED = ['spec', 'step', 'guide', 'view', 'tab', 'closed', 'voice', 'window', 'selection'] as const;

function changed(s: AppState, old: AppState): void {
  if (NAMED.every((key) => s[key] === old[key])) return;
  moved = performance.now();
  if (timer === null) timer = setTimeout(() => void write(), PAUSE);
}

/** Opens what a fragment says; a problem is put in its place in the store. */
export async function openHash(hash: string): Promise<void> {
  if (hash.startsWith('#t')) return (await import('./tour/open.ts')).openTourLink(hash);
  const { decodeLink, readView } = await engine();
  const read = await decodeLink(hash);
  if (read.error !== undefined) {
    store.setState({ problem: { title: 'This link cannot be opened', details: problemLines(read.error) } });
    return;
  }
  const { spec, step, beside, view } = read.ok;
  if (beside !== undefined) {
    const { makeLanes } = await import('./compare/lanes.ts');
    await makeLanes(beside.lanes, { lead: beside.lead, step });
    return;
  }
  store.setState({ view: 'walk' });
  if (loaded() !== null && JSON.stringify(spec) === JSON.stringify(loaded()?.spec)) {
    if (step !== undefined) goTo(step);
  } else if (!(await record(spec, step))) return;
  if (view === undefined) return;
  store.setState(readView(view, loaded()?.recording.length ?? 0));
  if (view.includes('patch:')) (await import('./patch/line-link.ts')).openLineLink(view);
}

async function onHash(): Promise<void> {
  if (location.hash === written || location.hash.length < 2) return;
  await openHash(location.hash);
}

async function openFirst(): Promise<void> {
  const hash = location.hash;
  if (hash.length > 1) await openHash(hash);
  if (loaded() !== null || store.getState().job !== null) return;
  const { problem } = store.getState();
  const { LIBRARY } = await engine();
  const [first] = LIBRARY;
  if (first === undefined) throw new Error('the library is empty');
  await openScenario(first);
  // What was wrong with the link is still to be read.
  if (problem !== null) store.setState({ problem });
}

/** Opens what the address says, or the first scenario; keeps the address in step from then on. */
export function startLinkSync(): void {
  store.subscribe(changed);
  window.addEventListener('hashchange', () => void onHash());
  void openFirst().then(openQuiz);
}

/** `?quiz=seed` opens with the questions of that seed, so that everybody who has the link gets the same. */
async function openQuiz(): Promise<void> {
  const seed = new URLSearchParams(location.search).get('quiz')?.trim().slice(0, 60) ?? '';
  if (seed !== '' && loaded() !== null) (await import('./tour/predict.ts')).startPredict(seed);
}

/** The whole address of what is on the screen; null before the first recording. */
export async function currentAddress(): Promise<string | null> {
  const link = await currentFragment();
  return link === null ? null : addressAt(link);
}

/** Puts a link to this very step on the clipboard. */
export async function copyLink(): Promise<void> {
  const address = await currentAddress();
  if (address !== null) await copyAddress(address);
}
