import { AREA_PAGES } from '../scenario/edit/areas.ts';
import { checkScenario } from '../scenario/check.ts';
import { kindsNow, outcomeOf } from '../scene/outcome.ts';
import { type Preview, draftSpec, editor } from './editor.ts';
import { engine } from './engine.ts';

/** Requests of more pages are not tried while one draws. */
const MOST_PAGES = 2048;
/** Milliseconds of rest after a change. */
const PAUSE = 120;

let timer: ReturnType<typeof setTimeout> | null = null;

async function tryOut(): Promise<Preview> {
  const spec = draftSpec();
  if (spec === null) return { kind: 'none' };
  const { start, end } = spec.scenario.request;
  if (end - start > MOST_PAGES) return { kind: 'large', pages: end - start };
  const { runScenario } = await engine();
  try {
    const rec = runScenario(spec);
    rec.seek(rec.length - 1);
    const { area } = editor.getState();
    return { kind: 'ran', outcome: outcomeOf(rec), after: kindsNow(rec, area, area + AREA_PAGES), area };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Checks the draft at once and, a moment after the last change, runs it; until the returned function is called. */
export function watchDraft(): () => void {
  const check = (): void => {
    const { draft } = editor.getState();
    const problems = draft === null ? [] : checkScenario(draft);
    editor.setState({ problems });
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void later(draft, problems.length === 0), PAUSE);
  };
  const later = async (draft: unknown, sound: boolean): Promise<void> => {
    const preview: Preview = sound ? await tryOut() : { kind: 'none' };
    if (editor.getState().draft === draft) editor.setState({ preview });
  };
  check();
  return editor.subscribe((s, old) => {
    if (s.draft !== old.draft || s.area !== old.area || s.base !== old.base) check();
  });
}
