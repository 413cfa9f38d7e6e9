import { expect, test } from 'vitest';
import { choicesOf, choiceBefore, scheduleOf } from '../../src/recording/choices.ts';
import { fingerprint } from '../../src/recording/hash.ts';
import { runScenario } from '../../src/recording/run.ts';
import { fromTransfer, toTransfer } from '../../src/recording/transfer.ts';
import { stuckOf } from '../../src/recording/waits.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { decodeLink, encodeLink } from '../../src/scenario/link.ts';
import { formatSchedule, parseSchedule, withChoice, withoutChoice } from '../../src/scenario/schedule.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

const spec = (id: string, schedule?: string): RunSpec => ({
  scenario: scenarioById(id) as Scenario,
  strategy: 'unified',
  revision: 'v2',
  ...(schedule === undefined ? {} : { schedule }),
});

test('a schedule reads and writes the same text', () => {
  expect(parseSchedule('12b3ac')).toEqual({
    ok: [
      { at: 12, actor: 1 },
      { at: 16, actor: 0 },
      { at: 17, actor: 2 },
    ],
  });
  for (const text of ['', 'b', '12b3ac', '999999a']) expect(formatSchedule(parseSchedule(text).ok ?? [])).toBe(text);
});

test.each([
  ['12', 1, '12'],
  ['b3x', 2, '3x'],
  ['b-1a', 2, '-1a'],
  ['1.5b', 1, '1.5b'],
])('a schedule that cannot be read, %s, is refused with the place', (text, place, got) => {
  const { error } = parseSchedule(text, 'link.c');
  expect(error?.[0]).toMatchObject({ path: 'link.c', got });
  expect(error?.[0]?.message).toContain(`character ${place},`);
});

test('choosing keeps what came before and leaves the rest alone', () => {
  expect(withChoice('2b3a1c', 6, 2)).toBe('2b3c');
  expect(withChoice('2b3a', 9, 1)).toBe('2b3a2b');
  expect(withoutChoice('2b3a1c', 6)).toBe('2b');
});

test('the empty schedule runs the walker to its end, then the rival', () => {
  const rec = runScenario(spec('freed-while-migrating', ''));
  const actors = Array.from(rec.machine.log.actor.subarray(0, rec.length - 1));
  expect(actors).toEqual(actors.toSorted((x, y) => x - y));
  expect(rec.end).toBe('returned');
  expect(scheduleOf(rec)).toBe('');
  const choices = choicesOf(rec);
  expect(choices.length).toBeGreaterThan(3);
  expect(choices[0]).toMatchObject({ n: 0, step: -1, ready: [0, 1], current: 0, chosen: 0, blocked: [] });
});

test('every choice of a schedule is kept, and the run can be had again from its shortest schedule', () => {
  const rec = runScenario(spec('freed-while-migrating', '2b1a'));
  const choices = choicesOf(rec);
  expect(choices.slice(0, 5).map((c) => c.chosen)).toEqual([0, 0, 1, 1, 0]);
  const again = runScenario(spec('freed-while-migrating', scheduleOf(rec)));
  expect(fingerprint(again)).toBe(fingerprint(rec));
  const third = choices[3]!;
  expect(choiceBefore(rec, third.step)).toBe(3);
  expect(choiceBefore(rec, third.step - 1)).toBe(2);
});

test('somebody who is blocked is said to be, on what, and by whom', () => {
  // The walker has collected its pages when the other thread touches one of them.
  const plain = choicesOf(runScenario(spec('cpu-touches', '')));
  const blocked = plain.map((c) => choicesOf(runScenario(spec('cpu-touches', withChoice('', c.n, 1)))));
  const waits = blocked.flat().flatMap((c) => c.blocked);
  expect(waits.length).toBe(0);
  // Two actors: where one is blocked there is nothing to choose, so the wait is seen at steps.
  const rec = plain
    .map((c) => runScenario(spec('cpu-touches', withChoice('', c.n, 1))))
    .find((r) => Array.from(r.machine.log.op.subarray(0, r.length)).includes(42));
  expect(rec?.end).toBe('returned');
});

test('a schedule that names an actor who cannot go on is refused with the choice', () => {
  expect(() => runScenario(spec('freed-while-migrating', '2c'))).toThrow(
    'choice 2 is for actor c, who cannot go on there: expected a or b',
  );
});

test('a schedule without rivals changes nothing but the recording’s choices', () => {
  expect(fingerprint(runScenario(spec('mixed', '')))).toBe(fingerprint(runScenario(spec('mixed'))));
});

test('the choices go through postMessage', () => {
  const rec = runScenario(spec('cpu-touches', '4b'));
  const before = choicesOf(rec);
  const { data, transferList } = toTransfer(rec);
  expect(choicesOf(fromTransfer(structuredClone(data, { transfer: transferList })))).toEqual(before);
});

test('a link carries the schedule, the empty one too, and refuses a broken one', async () => {
  for (const schedule of ['', '12b3a']) {
    const state = { spec: spec('cpu-touches', schedule), step: 7 };
    const link = await encodeLink(state);
    expect(link).toBe(`#1/cpu-touches/c=${schedule}/n=7`);
    expect(await decodeLink(link)).toEqual({ ok: state });
  }
  expect((await decodeLink('#1/cpu-touches/c=12')).error?.[0]?.path).toBe('link.c');
});

test('a writer between two read locks is a deadlock of two, said in words and as data', () => {
  const two: RunSpec = {
    scenario: {
      ...(scenarioById('cpu-touches') as Scenario),
      conditions: { rivals: [{ does: 'mmap_write', start: 0, end: 4, when: 'mmap-held' }] },
    },
    strategy: 'unified',
    revision: 'v2',
    fixes: ['RFC-7'],
  };
  const free = choicesOf(runScenario({ ...two, schedule: '' }));
  const stuck = free
    .map((c) => stuckOf(runScenario({ ...two, schedule: withChoice('', c.n, 1) })))
    .filter((s) => s !== undefined);
  expect(stuck.length).toBeGreaterThan(0);
  expect(stuck[0]).toMatchObject({ kind: 'deadlock', cycle: [0, 1] });
  expect(stuck[0]?.says).toEqual([
    'walker waits for the mmap lock, which mmap_write holds.',
    'mmap_write waits for the mmap lock, which walker holds.',
    'Deadlock: walker → mmap_write → walker.',
  ]);
});
