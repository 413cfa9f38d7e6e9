import type { Command } from './command.ts';
import { COMPARE } from './commands/compare.ts';
import { LOOK } from './commands/look.ts';
import { MOVES, PLAY, RUNS } from './commands/move.ts';
import { OPEN } from './commands/open.ts';
import { PRESENT } from './commands/present.ts';
import { SCHEDULE } from './commands/schedule.ts';
import { TOUR } from './commands/tour.ts';
import { store } from './store.ts';

/**
 * Every command, in the order of the key sheet. Where several have a key, the first that makes sense has it: present
 * mode, the scheduler and a tour come before the moves, so that a clicker and the digits are theirs.
 */
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
  return all?.find((c) => c.when === undefined || c.when(store.getState())) ?? all?.[0];
}

/** Runs a command if it makes sense now. */
export function runCommand(c: Command): void {
  if (c.when === undefined || c.when(store.getState())) c.run();
}
