import { expect, test } from 'vitest';
import { type Choice, type Computer, chooseBrowser } from '../../scripts/chromium.ts';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n';
const UBUNTU = 'ID=ubuntu\nID_LIKE=debian\n';
const FEDORA = 'ID=fedora\n';

const choose = (there: readonly string[], computer: Partial<Computer> = {}): Choice =>
  chooseBrowser({
    platform: 'linux',
    env: {},
    isRoot: false,
    osRelease: '',
    ownBrowser: '/cache/chrome',
    exists: (path) => there.includes(path),
    ...computer,
  });

test('a named browser goes before an installed one', () => {
  const env = { WALKSCOPE_CHROMIUM: '/opt/c', CHROME_PATH: '/opt/d' };
  expect(choose(['/usr/bin/chromium', '/opt/c', '/opt/d'], { env })).toMatchObject({ kind: 'use', path: '/opt/c' });
});

test('CHROME_PATH is the second name', () => {
  expect(choose(['/opt/d'], { env: { CHROME_PATH: '/opt/d' } })).toMatchObject({ kind: 'use', path: '/opt/d' });
});

test('a named browser that is not there is an error, not a reason to take another', () => {
  const choice = choose(['/usr/bin/chromium'], { env: { WALKSCOPE_CHROMIUM: '/gone' } });
  expect(choice).toEqual({ kind: 'wrong', reason: 'WALKSCOPE_CHROMIUM names /gone, and there is no such file' });
});

test('an empty variable names nothing', () => {
  expect(choose(['/usr/bin/chromium'], { env: { CHROME_PATH: '' } })).toMatchObject({ path: '/usr/bin/chromium' });
});

test('the one without windows is for tests, not for measuring', () => {
  const exists = (): boolean => true;
  const computer = { platform: 'linux', env: {}, isRoot: false, osRelease: '', ownBrowser: '', exists } as const;
  expect(chooseBrowser(computer)).toMatchObject({ path: '/usr/bin/chromium-headless-shell' });
  expect(chooseBrowser(computer, 'measure')).toMatchObject({ path: '/usr/bin/chromium' });
});

test.each<[NodeJS.Platform, string, Computer['env']]>([
  ['linux', '/usr/bin/chromium', {}],
  ['linux', '/usr/bin/google-chrome-stable', {}],
  ['linux', '/snap/bin/chromium', {}],
  ['linux', '/nix/bin/chromium', { PATH: '/bin:/nix/bin' }],
  ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', {}],
  ['darwin', '/Users/k/Applications/Chromium.app/Contents/MacOS/Chromium', { HOME: '/Users/k' }],
  ['win32', 'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe', { PROGRAMFILES: 'C:\\Programs' }],
  ['win32', 'C:\\X86\\Microsoft\\Edge\\Application\\msedge.exe', { 'PROGRAMFILES(X86)': 'C:\\X86' }],
])('on %s it finds %s', (platform, path, env) => {
  expect(choose([path], { platform, env })).toMatchObject({ kind: 'use', path });
});

test('a browser that Playwright installed before is used when the system has none', () => {
  expect(choose(['/cache/chrome'])).toMatchObject({ kind: 'use', path: '/cache/chrome' });
});

test.each<[string, Partial<Computer>, readonly string[]]>([
  ['Debian as root', { osRelease: DEBIAN, isRoot: true }, ['apt-get-shell', 'apt-get', 'playwright-with-deps']],
  ['Ubuntu as root', { osRelease: UBUNTU, isRoot: true }, ['playwright-with-deps', 'apt-get']],
  ['Debian as a user', { osRelease: DEBIAN }, ['playwright']],
  ['Fedora as root', { osRelease: FEDORA, isRoot: true }, ['playwright']],
  ['macOS', { platform: 'darwin' }, ['playwright']],
  ['Windows', { platform: 'win32' }, ['playwright']],
])('with none, %s obtains one', (_name, computer, sources) => {
  expect(choose([], computer)).toEqual({ kind: 'obtain', sources });
});
