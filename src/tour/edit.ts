import type { Recording } from '../recording/recording.ts';
import { stepLine } from '../recording/narrate.ts';
import type { RunSpec } from '../scenario/types.ts';
import { placeOf } from './resolve.ts';
import { runOfSpec } from './stop.ts';
import type { Tour, TourPanes, TourQuestion, TourStop } from './types.ts';

/*
 * Changes of a tour that is being written, as pure functions. While it is edited every stop says its own run, so that
 * moving one does not change what another stands in; `compact` takes away what repeats.
 */

/** Characters of a step's line that a stop expects there. */
const EXPECT = 80;

/** A stop at a step of a recording. */
export function stopAt(spec: RunSpec, rec: Recording, step: number, panes: TourPanes): TourStop {
  return {
    title: 'A new stop',
    run: runOfSpec(spec),
    at: placeOf(rec, step),
    ...(step < 0 ? {} : { expect: stepLine(rec, step).slice(0, EXPECT) }),
    note: '',
    panes,
  };
}

/** A tour of one stop. */
export function tourOf(stop: TourStop): Tour {
  return {
    format: 'walkscope-tour',
    version: 1,
    id: 'my-tour',
    title: 'My tour',
    about: '',
    goal: '',
    minutes: 15,
    stops: [stop],
  };
}

/** Every stop with its own run. */
export function withRuns(tour: Tour): Tour {
  let run = tour.stops[0]?.run;
  const stops = tour.stops.map((s) => {
    run = s.run ?? run;
    return s.run !== undefined || run === undefined ? s : { ...s, run };
  });
  return { ...tour, stops };
}

/** Without the runs that are those of the stop before. */
export function compact(tour: Tour): Tour {
  let last = '';
  const stops = withRuns(tour).stops.map((s) => {
    const key = JSON.stringify(s.run);
    const { run: _, ...rest } = s;
    const same = key === last;
    last = key;
    return same ? rest : s;
  });
  return { ...tour, stops };
}

/** With another stop behind the one at `index`. */
export function inserted(tour: Tour, index: number, stop: TourStop): Tour {
  return { ...tour, stops: tour.stops.toSpliced(index + 1, 0, stop) };
}

/** Without a stop; the last one stays. */
export function removed(tour: Tour, index: number): Tour {
  return tour.stops.length < 2 ? tour : { ...tour, stops: tour.stops.toSpliced(index, 1) };
}

/** With a stop moved by one place; the same tour when it stands at the end already. */
export function moved(tour: Tour, index: number, by: 1 | -1): Tour {
  const to = index + by;
  const stop = tour.stops[index];
  if (stop === undefined || to < 0 || to >= tour.stops.length) return tour;
  return { ...tour, stops: tour.stops.toSpliced(index, 1).toSpliced(to, 0, stop) };
}

/** With another content of a stop; a field that is undefined is taken away. */
export function changed(
  tour: Tour,
  index: number,
  change: { readonly [K in keyof TourStop]?: TourStop[K] | undefined },
): Tour {
  const stops = tour.stops.map((s, i) => {
    if (i !== index) return s;
    const next = Object.entries({ ...s, ...change }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(next) as unknown as TourStop;
  });
  return { ...tour, stops };
}

/** A question as its author writes it: one answer to a line, the right one behind an asterisk. */
export interface QuestionText {
  readonly ask: string;
  readonly answers: string;
  readonly because: string;
}

/** The text of a question of one's own. */
export function questionText(q: TourQuestion | undefined): QuestionText {
  if (q === undefined || !('ask' in q)) return { ask: '', answers: '', because: '' };
  return {
    ask: q.ask,
    answers: q.choices.map((c, i) => (i === q.right ? `* ${c}` : c)).join('\n'),
    because: q.because,
  };
}

/** The question of a text, or what is missing in it. */
export function questionOf(text: QuestionText): { readonly question: TourQuestion } | { readonly missing: string } {
  const lines = text.answers.split('\n').map((l) => l.trim());
  const answers = lines.filter((l) => l.replace(/^\*\s*/, '') !== '');
  const right = answers.findIndex((l) => l.startsWith('*'));
  const choices = answers.map((l) => l.replace(/^\*\s*/, ''));
  if (text.ask.trim() === '') return { missing: 'a question' };
  if (choices.length < 2) return { missing: 'at least two answers, one to a line' };
  if (choices.length > 6) return { missing: 'at most six answers' };
  if (right < 0) return { missing: 'an asterisk before the right answer' };
  if (text.because.trim() === '') return { missing: 'the reason, shown with the answer' };
  return { question: { ask: text.ask, choices, right, because: text.because } };
}
