import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { parseCapture } from '../../src/scenario/capture/parse-capture.ts';
import { captureOf } from './capture-fixture.ts';

const SCRIPT = 'public/capture/capture.py';
const canRun =
  existsSync('/proc/self/pagemap') && spawnSync('python3', ['--version']).status === 0 && process.arch === 'x64';

function capture(...args: readonly string[]): { status: number | null; text: string; said: string } {
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, ...args], { encoding: 'utf8' });
  return { status, text: stdout, said: stderr };
}

describe.skipIf(!canRun)('capture.py on this machine', () => {
  const sleeper = spawn('sleep', ['600']);
  const pid = String(sleeper.pid);
  afterAll(() => sleeper.kill());

  test('captures a process, whatever this kernel and user may see', () => {
    const { status, text, said } = capture(pid);
    expect([status, said]).toEqual([0, expect.stringContaining('pages in')]);
    const { scenario, error } = parseCapture(text);
    expect(error).toBeUndefined();
    expect(scenario?.entries.some((entry) => entry.kind === 'present')).toBe(true);
    expect(text).not.toContain('/');
  });

  test('captures a range only, and ends early where it is told to', () => {
    const vma = captureOf(capture(pid).text).vmas.findLast((each) => each.label === 'stack');
    const range = `${vma?.start.slice(2)}-${vma?.end.slice(2)}`;
    expect(captureOf(capture(pid, range).text)).toMatchObject({ selection: 'range', range: { start: vma?.start } });
    const cut = captureOf(capture(pid, '--max-runs', '1').text);
    expect(cut.truncatedAt).toMatch(/^0x/);
    expect(parseCapture(cut).notes?.join(' ')).toContain('ends early');
  });

  test.each([
    [['999999999'], 'cannot read'],
    [['1', 'there'], 'is no range'],
    [['1', '2000-1000'], 'is empty'],
    [['1', '0-1000'], 'no mapping there'],
  ])('%j: says what is wrong', (args, message) => {
    const [first, ...rest] = args;
    const { status, said } = capture(first === '1' ? pid : (first ?? ''), ...rest);
    expect([status, said]).toEqual([1, expect.stringContaining(message)]);
  });
});
