import { createStore } from 'zustand/vanilla';
import { goTo } from '../player.ts';
import { type Veil, store } from '../store.ts';
import { predictStore } from './predict-state.ts';
import { nextDecision } from './questions.ts';
import { type Given, tourStore } from './state.ts';

/** A question with one right answer; texts are Markdown. */
export interface Asked {
  readonly text: string;
  readonly choices: readonly string[];
  readonly right: number;
  /** shown with the answer */
  readonly because: string;
  /** the step that decides, or the step that the question is about */
  readonly step: number;
  /** step at which the answer can be seen; left out, the cursor stays */
  readonly reveal?: number;
}

/**
 * The question that stands before the person, or before the hall: of the stop of a tour, or of the questions about this
 * recording. A card and a vote both show it and answer it by `answer`.
 */
export interface Standing {
  /** tells one question from another */
  readonly id: string;
  readonly question: Asked;
  /** the answer, once it is committed */
  readonly given: Given | undefined;
}

export const standingStore = createStore<{ readonly standing: Standing | null }>(() => ({ standing: null }));

function find(): Standing | null {
  const { guide, recording } = store.getState();
  if (guide === 'predict') {
    const { asked, given } = predictStore.getState();
    if (asked === null) return null;
    return { id: `${recording}:${asked.step}`, question: asked, given: given.get(asked.step) };
  }
  if (guide === 'tour') {
    const { tour, stop, given, editing } = tourStore.getState();
    const question = editing ? undefined : questionOfStop();
    return question === undefined ? null : { id: `${tour?.id} ${stop}`, question, given: given.get(stop) };
  }
  return null;
}

/** The question that a stop was asked last, so that it is made once. */
let made: { readonly of: string; readonly question: Asked | undefined } = { of: '', question: undefined };

function questionOfStop(): Asked | undefined {
  const { tour, stop, step } = tourStore.getState();
  const q = tour?.stops[stop]?.question;
  if (tour === null || q === undefined) return undefined;
  if ('ask' in q) return { text: q.ask, choices: q.choices, right: q.right, because: q.because, step: step ?? -1 };
  if (step === null) return undefined;
  const of = JSON.stringify([store.getState().recording, tour.id, stop, step, q.predict]);
  if (made.of !== of) made = { of, question: nextDecision(step, q.predict, `${tour.id} ${stop}`) };
  return made.question;
}

const UNTIL_COMMIT = 'hidden until you commit';
const WHILE_OPEN = 'hidden while questions are open';

/** What must not be seen yet. A question that a tour's author wrote hides nothing: its answer may be anywhere. */
function veilOf(standing: Standing | null): Veil | null {
  const { guide } = store.getState();
  if (guide === 'tour') {
    const { stop, tour, step } = tourStore.getState();
    const q = tour?.stops[stop]?.question;
    const hides = standing !== null && standing.given === undefined && q !== undefined && 'predict' in q;
    return hides ? { after: step ?? -1, says: UNTIL_COMMIT } : null;
  }
  if (guide !== 'predict') return null;
  if (standing !== null && standing.given === undefined)
    return { after: standing.question.step - 1, says: UNTIL_COMMIT };
  const { set, given } = predictStore.getState();
  const open = set.some((q) => !given.has(q.step));
  return open ? { after: standing?.question.reveal ?? -1, says: WHILE_OPEN } : null;
}

function update(): void {
  const now = find();
  const { standing } = standingStore.getState();
  const same = now?.id === standing?.id && now?.question === standing?.question && now?.given === standing?.given;
  if (!same) standingStore.setState({ standing: now });
  const veil = veilOf(now);
  const { veil: old } = store.getState();
  if (veil?.after !== old?.after || veil?.says !== old?.says) store.setState({ veil });
}

update();
predictStore.subscribe(update);
tourStore.subscribe(update);
store.subscribe((s, old) => {
  if (s.guide !== old.guide || s.recording !== old.recording) update();
});

/** The cursor goes to where an answer can be seen: what asks at steps is not to ask now. */
let revealing = false;
export const isRevealing = (): boolean => revealing;

/**
 * Commits an answer to the question that stands: it is scored, and the cursor goes to where it can be seen.
 * @param choice -1 = the answer is told, nobody has given one @param hands raised for each answer, by a hall
 */
export function answer(choice: number, hands?: readonly number[]): void {
  const { standing } = standingStore.getState();
  if (standing === null || standing.given !== undefined) return;
  const { question } = standing;
  const given: Given = { choice, right: choice === question.right, ...(hands === undefined ? {} : { hands }) };
  if (choice >= 0) score(question, given);
  if (store.getState().guide === 'tour') tourStore.setState((s) => ({ given: new Map(s.given).set(s.stop, given) }));
  else predictStore.setState((s) => ({ given: new Map(s.given).set(question.step, given) }));
  if (question.reveal === undefined) return;
  revealing = true;
  goTo(question.reveal);
  revealing = false;
}

/** The answer that most hands were raised for, the first of several; -1 = no hand was. */
export function mostHands(hands: readonly number[]): number {
  const most = Math.max(...hands);
  return most > 0 ? hands.indexOf(most) : -1;
}

/** Puts an answer on the score sheet. */
function score(question: Asked, { choice, right, hands }: Given): void {
  const { spec, step } = store.getState();
  const line = {
    scenario: spec?.scenario.title ?? '',
    step: question.step,
    text: question.text,
    given: question.choices[choice] ?? '',
    right: question.choices[question.right] ?? '',
    isRight: right,
    seen: step >= question.step,
    hands: hands === undefined ? null : ([hands[question.right] ?? 0, hands.reduce((a, b) => a + b, 0)] as const),
  };
  predictStore.setState((s) => ({ sheet: [...s.sheet, line] }));
}

/** Forgets all answers. */
export function clearSheet(): void {
  predictStore.setState({ sheet: [], given: new Map() });
}
