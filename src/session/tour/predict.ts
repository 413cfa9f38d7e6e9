import { questionSet } from '../../tour/questions/quiz.ts';
import type { Question } from '../../tour/questions/question.ts';
import { seedOf } from '../../tour/questions/random.ts';
import { addressAt } from '../address.ts';
import { copyAddress } from '../clipboard.ts';
import { engine } from '../engine.ts';
import { pause, setPause } from '../play.ts';
import { goTo, loaded } from '../player.ts';
import { store } from '../store.ts';
import { predictStore } from './predict-state.ts';
import { nextDecision } from './questions.ts';
import { isRevealing } from './standing.ts';
import { tourStore } from './state.ts';
import { twinsOf } from './twins.ts';

const get = predictStore.getState;
const set = predictStore.setState;

/** Seed of a visit that names none: another one each time. */
const anySeed = (): string => Math.random().toString(36).slice(2, 8);

/** Turns prediction on: the set of questions is made, and the first one after the cursor asks. */
export function startPredict(seed?: string): void {
  set({ seed: seed ?? (get().seed || anySeed()), recording: 0 });
  store.setState({ guide: 'predict', dialog: null });
  pause();
  makeSet();
  nextQuestion();
}

/** Turns prediction off; a tour that was open goes on. What was answered stays on the score sheet. */
export function stopPredict(): void {
  set({ asked: null });
  store.setState({ guide: tourStore.getState().tour === null ? null : 'tour' });
}

/** Makes the set for the recording in place, if it has none yet. */
function makeSet(): void {
  const l = loaded();
  const { recording } = store.getState();
  if (l === null || get().recording === recording) return;
  const seed = seedOf(get().seed);
  set({
    recording,
    set: questionSet(l.recording, seed, undefined, twinsOf(l)),
    given: new Map(),
    asked: null,
  });
}

/** Goes to where the next open question asks: after the cursor, or else the first open one of the set. */
export function nextQuestion(): void {
  const { step } = store.getState();
  const open = openQuestions();
  const next = open.find((q) => q.step - 1 >= step && q !== get().asked) ?? open[0];
  if (next === undefined) return store.setState({ notice: 'Every question of this recording is answered.' });
  pause();
  goTo(next.step - 1);
  set({ asked: next });
}

/** Questions of the set that are not answered. */
export function openQuestions(): readonly Question[] {
  const { set: all, given } = get();
  return all.filter((q) => !given.has(q.step));
}

/** A question about the next step that decides something, whether it is in the set or not. */
export function askHere(): void {
  if (loaded() === null) return;
  if (store.getState().guide !== 'predict') return startPredict();
  const q = nextDecision(store.getState().step, 'any', get().seed);
  if (q === undefined) return store.setState({ notice: 'No later step decides anything.' });
  goTo(q.step - 1);
  set({ asked: q });
}

// The next step of a playing walk would give an answer away: it stops before.
setPause((step) => {
  if (store.getState().guide !== 'predict') return false;
  return openQuestions().some((q) => q.step - 1 === step);
});

// Wherever the cursor comes to stand before an open question, it asks; wherever else it is, it does not.
store.subscribe((s, old) => {
  if (s.guide !== 'predict') return;
  if (s.recording !== old.recording) makeSet();
  if (s.step === old.step && s.recording === old.recording) return;
  // An answer stays on the card while the cursor goes to where it can be seen.
  if (isRevealing()) return;
  const here = openQuestions().find((q) => q.step - 1 === s.step);
  if (here !== undefined) set({ asked: here });
});

/** Copies the address at which everybody gets these questions. */
export async function copyQuizLink(): Promise<void> {
  const { spec } = store.getState();
  if (spec === null) return;
  const { encodeLink } = await engine();
  const link = await encodeLink({ spec, step: -1 });
  await copyAddress(addressAt(link, `?quiz=${encodeURIComponent(get().seed)}`), 'Link to these questions');
}
