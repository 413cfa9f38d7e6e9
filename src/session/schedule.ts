import { type ChoicePoint, choiceAt, choiceBefore, choiceCount, scheduleOf } from '../recording/choices.ts';
import { parseSchedule, withChoice, withoutChoice } from '../scenario/schedule.ts';
import { pause } from './play.ts';
import { goTo, loaded } from './player.ts';
import { record } from './recorder.ts';
import { store } from './store.ts';

/** The choice that is due at the cursor, or the next one; undefined when the run has no more of them. */
export function choiceInView(step: number): ChoicePoint | undefined {
  const rec = loaded()?.recording;
  if (rec === undefined) return undefined;
  const last = choiceBefore(rec, step);
  const here = choiceAt(rec, last);
  return here !== undefined && here.step === step ? here : choiceAt(rec, last + 1);
}

/** Runs the scenario's actors with the person as the scheduler, from the first choice on. */
export async function beginSchedule(): Promise<void> {
  const spec = loaded()?.spec;
  if (spec === undefined) return;
  if ((spec.scenario.conditions?.rivals?.length ?? 0) === 0) {
    store.setState({ notice: 'Only the walker runs here: add another actor in the editor (E, Conditions).' });
    return;
  }
  // The first choice may be due before the first step.
  await rerun('', -2);
}

/** Back to the run on cue. */
export async function endSchedule(): Promise<void> {
  const spec = loaded()?.spec;
  if (spec === undefined) return;
  const { schedule: _, ...rest } = spec;
  await record(rest, 0);
}

/** Records the same scenario under another schedule and stands where the choice after `step` is due. */
async function rerun(schedule: string, step: number): Promise<void> {
  const spec = loaded()?.spec;
  if (spec === undefined) return;
  pause();
  if (!(await record({ ...spec, schedule }, Math.max(0, step)))) return;
  const rec = loaded()?.recording;
  if (rec === undefined) return;
  const next = choiceAt(rec, choiceBefore(rec, step) + 1);
  goTo(next?.step ?? rec.length - 1);
}

/** An actor goes on at the choice in view; the walk then stands at the choice after it. */
export async function choose(actor: number): Promise<void> {
  const rec = loaded()?.recording;
  const choice = choiceInView(store.getState().step);
  if (rec === undefined || choice === undefined || !choice.ready.includes(actor)) return;
  if (actor !== choice.chosen) return rerun(withChoice(scheduleOf(rec), choice.n, actor), choice.step);
  const next = choiceAt(rec, choice.n + 1);
  pause();
  goTo(next?.step ?? rec.length - 1);
}

/** Takes the last choice of the person back that lies before the cursor; what came later goes its own way again. */
export async function undoChoice(): Promise<void> {
  const rec = loaded()?.recording;
  if (rec === undefined) return;
  const schedule = scheduleOf(rec);
  const here = choiceInView(store.getState().step)?.n ?? choiceCount(rec);
  const mine = parseSchedule(schedule).ok?.filter((s) => s.at <= here) ?? [];
  const last = mine.at(-1);
  if (last === undefined) store.setState({ notice: 'No choice of yours lies before this step.' });
  else await rerun(withoutChoice(schedule, last.at), (choiceAt(rec, last.at)?.step ?? 0) - 1);
}

/** Goes to the next or the previous choice. */
export function toChoice(way: 1 | -1): void {
  const rec = loaded()?.recording;
  if (rec === undefined) return;
  const { step } = store.getState();
  const last = choiceBefore(rec, step);
  const here = choiceAt(rec, last)?.step === step;
  const to = choiceAt(rec, way > 0 ? last + 1 : here ? last - 1 : last);
  pause();
  if (to === undefined) store.setState({ notice: way > 0 ? 'No later choice.' : 'No earlier choice.' });
  else goTo(to.step);
}
