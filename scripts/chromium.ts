/**
 * Where the end-to-end tests get their Chromium from. `chooseBrowser` decides and is pure; `ensureBrowser` looks at
 * this computer, does what was decided and says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { chromium } from '@playwright/test';

/** What the decision depends on. */
export interface Computer {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** The text of /etc/os-release, empty where there is none. */
  readonly osRelease: string;
  /** Where Playwright would keep a Chromium that it installed itself. */
  readonly ownBrowser: string;
  readonly exists: (path: string) => boolean;
}

/**
 * Ways to obtain a Chromium: Debian's package of the one without windows, or of the whole browser, Playwright's build,
 * Playwright's build with the libraries it needs.
 */
export type Source = 'apt-get-shell' | 'apt-get' | 'playwright' | 'playwright-with-deps';

/** What a browser is wanted for: to test pages, for which one without windows does as well in less time, or to measure. */
export type Use = 'test' | 'measure';

/** A browser that is there, or the ways to try in turn, or a setting that cannot be followed. */
export type Choice =
  | { readonly kind: 'use'; readonly path: string; readonly why: string }
  | { readonly kind: 'obtain'; readonly sources: readonly Source[] }
  | { readonly kind: 'wrong'; readonly reason: string };

const VARIABLES = ['WALKSCOPE_CHROMIUM', 'CHROME_PATH'] as const;

/** Decides which browser to use: the named one, else an installed one, else what suits the platform. */
export function chooseBrowser(computer: Computer, use: Use = 'test'): Choice {
  for (const name of VARIABLES) {
    const path = computer.env[name];
    if (path === undefined || path === '') continue;
    if (computer.exists(path)) return { kind: 'use', path, why: `named by ${name}` };
    return { kind: 'wrong', reason: `${name} names ${path}, and there is no such file` };
  }
  for (const path of usualPlaces(computer, use)) {
    if (computer.exists(path)) return { kind: 'use', path, why: 'installed on this computer' };
  }
  if (computer.exists(computer.ownBrowser)) {
    return { kind: 'use', path: computer.ownBrowser, why: 'installed by Playwright before' };
  }
  return { kind: 'obtain', sources: sourcesFor(computer) };
}

/** Chrome, Chromium and Edge where their installers put them. */
function usualPlaces({ platform, env }: Computer, use: Use): string[] {
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((app) => `${app}.app/Contents/MacOS/${app}`);
    return ['/Applications', ...(env['HOME'] ? [posix.join(env['HOME'], 'Applications')] : [])].flatMap((folder) =>
      apps.map((app) => posix.join(folder, app)),
    );
  }
  if (platform === 'win32') {
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'];
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => env[name])
      .filter((folder) => folder !== undefined)
      .flatMap((folder) =>
        [...programs, 'Microsoft\\Edge\\Application\\msedge.exe'].map((program) => win32.join(folder, program)),
      );
  }
  const folders = ['/usr/bin', '/usr/local/bin', '/snap/bin', ...(env['PATH'] ?? '').split(':').filter(Boolean)];
  const shell = use === 'test' ? ['chromium-headless-shell'] : [];
  const names = [...shell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  return [...new Set(names.flatMap((name) => folders.map((folder) => posix.join(folder, name))))];
}

function sourcesFor({ platform, isRoot, osRelease }: Computer): Source[] {
  const ids = /^ID=(.*)$/m.exec(osRelease)?.[1]?.replaceAll('"', '') ?? '';
  const like = /^ID_LIKE=(.*)$/m.exec(osRelease)?.[1]?.replaceAll('"', '') ?? '';
  const family = `${ids} ${like}`.split(' ');
  if (platform !== 'linux' || !isRoot || !family.includes('debian')) return ['playwright'];
  // Ubuntu's chromium package only fetches a snap, which does not run in most containers; so it comes second there.
  return family.includes('ubuntu')
    ? ['playwright-with-deps', 'apt-get']
    : ['apt-get-shell', 'apt-get', 'playwright-with-deps'];
}

const aptGet = (name: string): readonly (readonly string[])[] => [
  ['apt-get', 'update'],
  ['apt-get', 'install', '--yes', '--no-install-recommends', name],
];

const COMMANDS: Readonly<Record<Source, readonly (readonly string[])[]>> = {
  'apt-get-shell': aptGet('chromium-headless-shell'),
  'apt-get': aptGet('chromium'),
  playwright: [['npx', '--no-install', 'playwright', 'install', 'chromium']],
  'playwright-with-deps': [['npx', '--no-install', 'playwright', 'install', '--with-deps', 'chromium']],
};

const ADVICE = `End-to-end tests need a Chromium. Please do one of these and run the command again:
  - install Chromium, Chrome or Edge with your system's package manager or installer;
  - npx playwright install --with-deps chromium
  - set WALKSCOPE_CHROMIUM to the path of a Chromium that you have.`;

/** The path of a usable Chromium, obtained first if there is none. Throws, with advice, if that does not work. */
export function ensureBrowser(say: (line: string) => void): string {
  let choice = chooseBrowser(thisComputer());
  const sources = choice.kind === 'obtain' ? choice.sources : [];
  for (const source of sources) {
    say(`browser: none found; trying ${source}`);
    if (!COMMANDS[source].every((command) => run(command, say))) continue;
    choice = chooseBrowser(thisComputer());
    if (choice.kind === 'use') break;
  }
  if (choice.kind === 'wrong') throw new Error(choice.reason);
  if (choice.kind === 'obtain') throw new Error(`No Chromium found, and none could be obtained.\n${ADVICE}`);
  say(`browser: ${choice.path} (${choice.why})`);
  return choice.path;
}

/** This computer as `chooseBrowser` wants to know it. */
export function thisComputer(): Computer {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    osRelease: existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
    ownBrowser: chromium.executablePath(),
    exists: existsSync,
  };
}

/** Flags for a browser that is to be quiet, repeatable, and able to run as root in a container. */
export const BROWSER_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function run(command: readonly string[], say: (line: string) => void): boolean {
  const [program, ...args] = command as [string, ...string[]];
  say(`browser: running ${command.join(' ')}`);
  const { status, error } = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    // npx is a script on Windows, which only a shell starts; every argument here is a constant of this file.
    shell: process.platform === 'win32',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) say(`browser: ${program} failed: ${error?.message ?? `exit code ${status}`}`);
  return status === 0;
}
