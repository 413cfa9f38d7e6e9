import { USAGE as COMPARE, main as compare } from './compare.ts';
import { USAGE as CONFORM, main as conform } from './conform.ts';
import { USAGE as FTRACE, main as ftrace } from './ftrace.ts';
import { USAGE as PATCH, main as patch } from './patch.ts';
import { USAGE as SEARCH, main as search } from './search.ts';
import { USAGE as TOURS, main as tours } from './tours.ts';
import { USAGE as WALK, main as walk } from './walk.ts';

/** A command gives its exit code: 0 holds, 1 does not. What it throws ends with 2. */
type Command = (args: readonly string[]) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { walk, conform, search, tours, patch, compare, ftrace };
const USAGE = [WALK, CONFORM, SEARCH, TOURS, PATCH, COMPARE, FTRACE];

async function run(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    process.stderr.write(
      `${name === '' ? 'a command is missing' : `unknown command ${name}`}\n\n${USAGE.join('\n\n')}\n`,
    );
    return 2;
  }
  try {
    return await command(args);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

// A reader that goes away (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run();
