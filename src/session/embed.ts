import * as v from 'valibot';
import { stepSentence } from '../recording/narrate.ts';
import { siteInfo } from '../machine/sites.ts';
import { pageAddress } from './address.ts';
import { COMMANDS, runCommand } from './commands.ts';
import { currentFragment, openHash } from './link-sync.ts';
import { loaded, goTo } from './player.ts';
import { pause } from './play.ts';
import { store } from './store.ts';

/*
 * The page inside of another page, and the messages between the two (docs/embed.md). Only the window that embeds this one
 * is listened to, and only from the origin that `?embed-origin=` names, if it names one. A message can move the cursor, run
 * a command that moves or plays, and open a link; it reads nothing but what the page shows.
 */

/** Version of the messages: the value of their field `walkscope`. */
const VERSION = 1;
const step = v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(2 ** 31 - 1));
const id = v.exactOptional(v.union([v.pipe(v.string(), v.maxLength(100)), v.number()]));
const own = { walkscope: v.literal(VERSION), id };

const Message = v.variant('do', [
  v.strictObject({ ...own, do: v.literal('get') }),
  v.strictObject({ ...own, do: v.literal('go'), step }),
  v.strictObject({ ...own, do: v.literal('run'), command: v.pipe(v.string(), v.maxLength(60)) }),
  v.strictObject({
    ...own,
    do: v.literal('open'),
    link: v.pipe(v.string(), v.startsWith('#'), v.maxLength(512 * 1024)),
  }),
]);
type Message = v.InferOutput<typeof Message>;

/** Commands that may be run from outside: those that move and play, none that opens or saves anything. */
const ALLOWED = new Set(COMMANDS.filter((c) => ['Move', 'Run to', 'Play'].includes(c.group)).map((c) => c.id));

/** What the page tells about itself. */
interface Told {
  readonly walkscope: typeof VERSION;
  readonly event: 'ready' | 'step' | 'answer' | 'error';
  readonly id?: string | number;
  readonly message?: string;
  readonly scenario?: string;
  readonly step?: number;
  readonly length?: number;
  readonly site?: string;
  readonly text?: string;
  readonly playing?: boolean;
  readonly link?: string;
}

/** Where messages go: the origin that was named, else that of the last message, else anybody who embeds the page. */
let origin = '*';

function tell(what: Omit<Told, 'walkscope'>): void {
  window.parent.postMessage({ walkscope: VERSION, ...what } satisfies Told, origin);
}

async function state(): Promise<Omit<Told, 'walkscope' | 'event'>> {
  const l = loaded();
  if (l === null) return { length: 0 };
  const { step: at, voice, playing } = store.getState();
  const rec = l.recording;
  const site = at < 0 ? null : siteInfo(rec.machine.log.site[at] as number);
  return {
    scenario: l.spec.scenario.id,
    step: at,
    length: rec.length,
    ...(site === null ? {} : { site: `${site.fn}:${site.label}` }),
    text: stepSentence(rec, at, voice),
    playing: playing !== 0,
    link: `${pageAddress()}${(await currentFragment()) ?? ''}`,
  };
}

/** Does what a message says. @returns why it cannot be done, or undefined */
async function act(message: Message): Promise<string | undefined> {
  switch (message.do) {
    case 'get':
      return undefined;
    case 'go':
      if (loaded() === null) return 'there is no recording yet';
      pause();
      goTo(message.step);
      return undefined;
    case 'run': {
      const command = COMMANDS.find((c) => c.id === message.command);
      if (command === undefined || !ALLOWED.has(command.id))
        return `"${message.command}" is no command that can be run from outside: expected one of ${[...ALLOWED].join(', ')}`;
      runCommand(command);
      return undefined;
    }
    case 'open': {
      store.setState({ problem: null });
      await openHash(message.link);
      const { problem } = store.getState();
      return problem === null ? undefined : [problem.title, ...problem.details].join(' ');
    }
    default:
      return message satisfies never;
  }
}

async function onMessage(e: MessageEvent<unknown>, only: string | null): Promise<void> {
  if (e.source !== window.parent || (only !== null && e.origin !== only)) return;
  // Other libraries talk through the same channel: what does not name this one is not for it.
  if (typeof e.data !== 'object' || e.data === null || !('walkscope' in e.data)) return;
  // An opaque origin ("null": a sandboxed frame, a file) cannot be addressed.
  origin = e.origin === 'null' || e.origin === '' ? '*' : e.origin;
  const read = v.safeParse(Message, e.data);
  if (!read.success) {
    const issue = read.issues[0];
    const place = v.getDotPath(issue) ?? 'the message';
    tell({
      event: 'error',
      message: `${place}: expected ${issue.expected ?? 'something else'}, got ${issue.received}`,
    });
    return;
  }
  const { id: name } = read.output;
  const wrong = await act(read.output);
  const answer = name === undefined ? {} : { id: name };
  if (wrong === undefined) tell({ event: 'answer', ...answer, ...(await state()) });
  else tell({ event: 'error', ...answer, message: wrong });
}

/** Begins to listen and to tell. Called once, when the page is embedded. @param only `?embed-origin=`, null = anybody */
export function startEmbed(only: string | null): void {
  if (window.parent === window) return;
  if (only !== null) origin = only;
  window.addEventListener('message', (e) => void onMessage(e, only));
  let told = 0;
  store.subscribe((s, old) => {
    if (s.recording === 0 || (s.step === old.step && s.recording === old.recording && s.playing === old.playing))
      return;
    const mine = ++told;
    void state().then((now) => {
      // While it plays faster than messages are made, only the newest is worth sending.
      if (mine === told) tell({ event: 'step', ...now });
      return now;
    });
  });
  tell({ event: 'ready' });
}
