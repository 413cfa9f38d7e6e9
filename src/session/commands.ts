import type { Command } from './command.ts';
import type { Landmark } from '../recording/landmarks.ts';
import { copyLink } from './link-sync.ts';
import { type Way, out, over, pageOfStep } from '../recording/moves.ts';
import { SPEEDS, pause, play } from './play.ts';
import { goTo, loaded } from './player.ts';
import { PRESENT } from './present.ts';
import { SCHEDULE } from './schedule.ts';
import { cancelJob } from './recorder.ts';
import { LANDMARK_NAMES, arrive, runToBreakpoint, runToLandmark, runToSelection } from './run-to.ts';
import { type AppState, type Dialog, type PaneId, type TextTab, type Theme, store } from './store.ts';

const ready = (s: AppState): boolean => s.recording > 0;
const get = store.getState;
const set = store.setState;

function move(to: (way: Way) => number, what: string, way: Way): void {
  pause();
  if (loaded()) arrive(to(way), what, way);
}

const length = (): number => loaded()?.recording.length ?? 0;

const MOVES: readonly Command[] = [
  {
    id: 'step',
    title: 'Step',
    group: 'Move',
    keys: ['ArrowRight', 'PageDown'],
    when: ready,
    run: () => (pause(), goTo(get().step + 1)),
  },
  {
    id: 'back',
    title: 'Step back',
    group: 'Move',
    keys: ['ArrowLeft', 'PageUp'],
    when: ready,
    run: () => (pause(), goTo(get().step - 1)),
  },
  {
    id: 'over',
    title: 'Step over',
    group: 'Move',
    keys: ['ArrowDown'],
    when: ready,
    run: () => move((w) => over(recording(), get().step, w), 'step at this depth', 1),
  },
  {
    id: 'over-back',
    title: 'Step over, backwards',
    group: 'Move',
    keys: ['ArrowUp'],
    when: ready,
    run: () => move((w) => over(recording(), get().step, w), 'step at this depth', -1),
  },
  {
    id: 'out',
    title: 'Step out',
    group: 'Move',
    keys: ['o'],
    when: ready,
    run: () => move((w) => out(recording(), get().step, w), 'step of the caller', 1),
  },
  {
    id: 'out-back',
    title: 'Step out, backwards',
    group: 'Move',
    keys: ['Shift+o'],
    when: ready,
    run: () => move((w) => out(recording(), get().step, w), 'step of the caller', -1),
  },
  { id: 'first', title: 'First step', group: 'Move', keys: ['Home'], when: ready, run: () => (pause(), goTo(0)) },
  {
    id: 'last',
    title: 'Last step',
    group: 'Move',
    keys: ['End'],
    when: ready,
    run: () => (pause(), goTo(length() - 1)),
  },
];

function recording(): NonNullable<ReturnType<typeof loaded>>['recording'] {
  const l = loaded();
  if (l === null) throw new Error('a move needs a recording');
  return l.recording;
}

const RUN_KEYS: readonly (readonly [Landmark, string])[] = [
  ['lock', 'l'],
  ['fault', 'f'],
  ['split', 's'],
  ['migration', 'm'],
  ['flush', 't'],
  ['notifier', 'n'],
  ['retry', 'r'],
  ['finding', 'x'],
];

function pair(id: string, what: string, key: string, run: (way: Way) => void): Command[] {
  const both = { group: 'Run to' as const, when: ready };
  return [
    { ...both, id: `to-${id}`, title: `Run to the next ${what}`, keys: [key], run: () => (pause(), run(1)) },
    {
      ...both,
      id: `back-to-${id}`,
      title: `Run back to the previous ${what}`,
      keys: [`Shift+${key}`],
      run: () => (pause(), run(-1)),
    },
  ];
}

const RUNS: readonly Command[] = [
  ...RUN_KEYS.flatMap(([kind, key]) => pair(kind, LANDMARK_NAMES[kind], key, (way) => runToLandmark(kind, way))),
  ...pair('breakpoint', 'breakpoint', 'b', runToBreakpoint),
  ...pair('address', 'step about the selected page', 'g', runToSelection),
];

function faster(by: 1 | -1): void {
  const at = SPEEDS.findIndex((x) => x >= get().speed);
  const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? SPEEDS.length - 1 : at) + by))];
  if (next !== undefined) set({ speed: next, notice: `${next} steps per second` });
}

const PLAY: readonly Command[] = [
  {
    id: 'play',
    title: 'Play or pause',
    group: 'Play',
    keys: ['Space'],
    when: ready,
    run: () => (get().playing === 0 ? play(1) : pause()),
  },
  {
    id: 'play-back',
    title: 'Play backwards or pause',
    group: 'Play',
    keys: ['Shift+Space'],
    when: ready,
    run: () => (get().playing === 0 ? play(-1) : pause()),
  },
  { id: 'faster', title: 'Play faster', group: 'Play', keys: ['+', '='], run: () => faster(1) },
  { id: 'slower', title: 'Play slower', group: 'Play', keys: ['-'], run: () => faster(-1) },
];

function toggleBreakpoint(): void {
  const step = get().step;
  if (step >= 0) breakAt([recording().machine.log.site[step] as number]);
}

/** Sets a breakpoint at each of the sites, or takes them away when the first has one. */
export function breakAt(sites: readonly number[]): void {
  const now = new Set(get().breakpoints);
  const had = sites[0] !== undefined && now.has(sites[0]);
  for (const s of sites)
    if (had) now.delete(s);
    else now.add(s);
  set({ breakpoints: now, notice: had ? 'Breakpoint removed.' : 'Breakpoint set.' });
}

function zoom(factor: number): void {
  const {
    window: [from, to],
    step,
  } = get();
  const n = length();
  const width = Math.max(20, Math.min(n, Math.round((to - from) * factor)));
  const start = Math.max(0, Math.min(n - width, Math.round(step - width / 2)));
  set({ window: [start, Math.max(start + 1, start + width)] });
}

export function togglePane(id: PaneId): void {
  const closed = new Set(get().closed);
  if (!closed.delete(id)) closed.add(id);
  set({ closed });
}

const THEMES: readonly Theme[] = ['auto', 'light', 'dark', 'projector'];

const TABS: readonly (readonly [TextTab, string])[] = [
  ['frame', 'Show stack and locals'],
  ['log', 'Show the step log'],
  ['tables', 'Show the page-table entries'],
  ['folios', 'Show the folios'],
  ['locks', 'Show the locks'],
  ['findings', 'Show the findings'],
  ['scenario', 'Show what the scenario is about'],
  ['cost', 'Show the estimated cost'],
  ['schedule', 'Show the schedule: who goes on'],
  ['search', 'Search for a run that …'],
];

const PANES: readonly (readonly [PaneId, string])[] = [
  ['stage', 'Open or close the stage'],
  ['pfns', 'Open or close the pfn strip'],
  ['code', 'Open or close the code'],
  ['text', 'Open or close the text views'],
  ['timeline', 'Open or close the timeline'],
];

function selectPageOfStep(): void {
  const step = get().step;
  const page = step < 0 ? null : pageOfStep(recording(), step);
  if (page === null) set({ notice: 'This step names no page.' });
  else set({ selection: { kind: 'page', page }, notice: 'The page of this step is selected.' });
}

const LOOK: readonly Command[] = [
  {
    id: 'breakpoint',
    title: 'Set or remove a breakpoint here',
    group: 'Look',
    keys: ['.'],
    when: ready,
    run: toggleBreakpoint,
  },
  {
    id: 'select-page',
    title: 'Select the page of this step',
    group: 'Look',
    keys: ['p'],
    when: ready,
    run: selectPageOfStep,
  },
  { id: 'zoom-in', title: 'Timeline: zoom in', group: 'Look', keys: ['z'], when: ready, run: () => zoom(0.5) },
  { id: 'zoom-out', title: 'Timeline: zoom out', group: 'Look', keys: ['Shift+z'], when: ready, run: () => zoom(2) },
  {
    id: 'zoom-all',
    title: 'Timeline: the whole recording',
    group: 'Look',
    keys: ['0'],
    when: ready,
    run: () => set({ window: [0, Math.max(1, length())] }),
  },
  ...TABS.map(
    ([tab, title], i): Command => ({
      id: `tab-${tab}`,
      title,
      group: 'Look',
      // The search has no digit left.
      keys: [i < 9 ? String(i + 1) : '/'],
      run: () => set((s) => ({ tab, closed: without(s.closed, 'text') })),
    }),
  ),
  ...PANES.map(
    ([pane, title], i): Command => ({
      id: `pane-${pane}`,
      title,
      group: 'Look',
      keys: [`Alt+${i + 1}`],
      run: () => togglePane(pane),
    }),
  ),
  {
    id: 'voice',
    title: 'Text for students or for reviewers',
    group: 'Look',
    keys: ['v'],
    run: () => set((s) => ({ voice: s.voice === 'student' ? 'reviewer' : 'student' })),
  },
  {
    id: 'theme',
    title: 'Colours: system, light, dark, projector',
    group: 'Look',
    keys: ['d'],
    run: () =>
      set((s) => {
        const theme = THEMES[(THEMES.indexOf(s.theme) + 1) % THEMES.length] as Theme;
        return { theme, notice: `Colours: ${theme === 'auto' ? 'as the system says' : theme}.` };
      }),
  },
];

function without<T>(from: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return new Set([...from].filter((x) => x !== item));
}

export function openDialog(dialog: Dialog): void {
  pause();
  set({ dialog });
}

const OPEN: readonly Command[] = [
  { id: 'palette', title: 'All commands', group: 'Open', keys: ['Mod+k'], run: () => openDialog('palette') },
  { id: 'scenarios', title: 'Choose a scenario', group: 'Open', keys: ['c'], run: () => openDialog('scenarios') },
  {
    id: 'import',
    title: 'Import a scenario, a recording, a capture or a mail',
    group: 'Open',
    keys: ['i'],
    run: () => openDialog('import'),
  },
  {
    id: 'editor',
    title: 'Edit the memory and the request',
    group: 'Open',
    keys: ['e'],
    run: () => openDialog('editor'),
  },
  { id: 'word', title: 'Explain a 64-bit word', group: 'Open', keys: ['Shift+w'], run: () => openDialog('word') },
  {
    id: 'patch',
    title: 'Review a patch beside the model',
    group: 'Open',
    keys: ['Shift+d'],
    run: () =>
      set((s) => ({ codeView: s.codeView === 'patch' ? 'model' : 'patch', closed: without(s.closed, 'code') })),
  },
  {
    id: 'patch-wide',
    title: 'Patch: over the whole width, or beside the stage',
    group: 'Open',
    keys: ['Shift+u'],
    run: () =>
      set((s) => ({
        codeView: 'patch',
        closed:
          s.codeView === 'patch' && s.closed.has('stage')
            ? new Set<PaneId>()
            : new Set<PaneId>(['stage', 'pfns', 'text']),
      })),
  },
  { id: 'fixes', title: 'Fix switches', group: 'Open', keys: ['w'], when: ready, run: () => openDialog('fixes') },
  { id: 'keys', title: 'Keys', group: 'Open', keys: ['?'], run: () => openDialog('keys') },
  { id: 'about', title: 'About the model', group: 'Open', keys: ['a'], run: () => openDialog('about') },
  {
    id: 'copy-link',
    title: 'Copy a link to this step',
    group: 'Open',
    keys: ['y'],
    when: ready,
    run: () => void copyLink(),
  },
  {
    id: 'export',
    title: 'Export: mail, Markdown, recording, trace, counters, tour',
    group: 'Open',
    keys: ['Shift+e'],
    when: ready,
    run: () => openDialog('export'),
  },
  {
    id: 'qr',
    title: 'This step as a QR code',
    group: 'Open',
    keys: ['Shift+y'],
    when: ready,
    run: () => openDialog('qr'),
  },
  {
    id: 'pictures',
    title: 'Pictures of the stage: SVG, PNG, storyboard, animated image',
    group: 'Open',
    keys: ['Shift+i'],
    when: ready,
    run: () => openDialog('pictures'),
  },
  {
    id: 'cancel',
    title: 'Stop recording',
    group: 'Open',
    keys: ['Escape'],
    when: (s) => s.job !== null,
    run: cancelJob,
  },
];

const touring = (s: AppState): boolean => s.guide === 'tour';

/** Before the moves: a clicker's keys go from stop to stop while a tour is open. */
const TOUR: readonly Command[] = [
  {
    id: 'tour-next',
    title: 'Next stop of the tour',
    group: 'Tour',
    keys: ['PageDown', ']'],
    when: touring,
    run: () => void import('./tour/player.ts').then((p) => p.moveBy(1)),
  },
  {
    id: 'tour-back',
    title: 'Previous stop of the tour',
    group: 'Tour',
    keys: ['PageUp', '['],
    when: touring,
    run: () => void import('./tour/player.ts').then((p) => p.moveBy(-1)),
  },
  {
    id: 'tour-again',
    title: 'Back to the step of the stop',
    group: 'Tour',
    keys: ['Backspace'],
    when: touring,
    run: () => void import('./tour/player.ts').then((p) => p.backToStop()),
  },
  {
    id: 'tour-leave',
    title: 'Leave the tour',
    group: 'Tour',
    keys: ['Shift+h'],
    when: touring,
    run: () => void import('./tour/player.ts').then((p) => p.leaveTour()),
  },
  { id: 'tours', title: 'Tours', group: 'Tour', keys: ['h'], run: () => openDialog('tours') },
  {
    id: 'predict',
    title: 'Predict: ask me about the next decision',
    group: 'Tour',
    keys: ['q'],
    when: ready,
    run: () => void import('./tour/predict.ts').then((p) => p.askHere()),
  },
  { id: 'score', title: 'Score sheet', group: 'Tour', keys: ['Shift+q'], run: () => openDialog('score') },
  { id: 'glossary', title: 'Glossary', group: 'Tour', keys: ['k'], run: () => openDialog('glossary') },
];

const comparing = (s: AppState): boolean => s.view === 'compare';

const toDifference = (way: Way): void => void import('./compare/lanes.ts').then((c) => c.toDifference(way));

const COMPARE: readonly Command[] = [
  {
    id: 'compare',
    title: 'Compare lanes, or back to the panes',
    group: 'Compare',
    keys: ['Shift+c'],
    when: ready,
    run: () => (pause(), void import('./compare/open.ts').then((c) => c.toggleLanes())),
  },
  {
    id: 'to-difference',
    title: 'Run to the next difference',
    group: 'Compare',
    keys: ['j'],
    when: comparing,
    run: () => (pause(), toDifference(1)),
  },
  {
    id: 'back-to-difference',
    title: 'Run back to the previous difference',
    group: 'Compare',
    keys: ['Shift+j'],
    when: comparing,
    run: () => (pause(), toDifference(-1)),
  },
  {
    id: 'lane-next',
    title: 'Make the next lane the main one',
    group: 'Compare',
    keys: [','],
    when: comparing,
    run: () => void import('./compare/open.ts').then((c) => c.leadNext()),
  },
  {
    id: 'lanes-leave',
    title: 'Leave the lanes',
    group: 'Compare',
    keys: ['Escape'],
    when: (s) => comparing(s) && s.job === null,
    run: () => void import('./compare/lanes.ts').then((c) => c.leaveLanes()),
  },
];

/** Every command, in the order of the key sheet. */
export const COMMANDS: readonly Command[] = [
  ...PRESENT,
  ...SCHEDULE,
  ...TOUR,
  ...MOVES,
  ...RUNS,
  ...PLAY,
  ...LOOK,
  ...OPEN,
  ...COMPARE,
];

const byId = new Map(COMMANDS.map((c) => [c.id, c]));
const byKey = new Map<string, Command[]>();
for (const c of COMMANDS) for (const k of c.keys) byKey.set(k, [...(byKey.get(k) ?? []), c]);

/** The command with this id; throws when there is none. */
export function command(id: string): Command {
  const c = byId.get(id);
  if (c === undefined) throw new Error(`no command ${id}`);
  return c;
}

/** The command of a key: where several share one, the first that makes sense now. */
export function commandOfKey(key: string): Command | undefined {
  const all = byKey.get(key);
  return all?.find((c) => c.when === undefined || c.when(get())) ?? all?.[0];
}

/** Runs a command if it makes sense now. */
export function runCommand(c: Command): void {
  if (c.when === undefined || c.when(get())) c.run();
}
