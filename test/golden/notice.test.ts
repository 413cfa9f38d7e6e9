import { describe, expect, test } from 'vitest';
import { readArchive } from '../../scripts/measured.ts';
import { conform } from '../../src/recording/conform/conform.ts';
import { expandEvents } from '../../src/recording/conform/expand.ts';
import { type Golden, parseGolden } from '../../src/recording/conform/golden-format.ts';

/*
 * A comparison that agrees proves something only if it would notice a difference. Here measured runs are falsified, one
 * value at a time, and every lie has to be found.
 */

const archive = new Map(readArchive().map(({ name, text }) => [name, text]));

function measured(name: string): Golden {
  const golden = parseGolden(archive.get(`${name}.json`) as string);
  return { ...golden, calls: expandEvents(golden.calls, 'calls') };
}

/** Entries of the driver's request are what the run is built from, remarks of the program are not kernel events. */
const NOT_COMPARED = new Set(['gt_ioctl', 'ioctl', 'pause', 'race-pause']);

/** Another value of the same kind. */
function lie(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return value === '0' ? 'VALID' : value.startsWith('-E') ? 0 : `${value}x`;
  if (Array.isArray(value)) return value.length > 0 ? value.slice(1) : [1];
  return 1;
}

describe.each([
  'cow_parent__v2__mig',
  'mixed__v2__hmmMW',
  'thp_zero__v2__migC',
  'dev_other__v2__cpu',
  'pin_gup__base__mig',
])('%s', (name) => {
  const golden = measured(name);

  test('agrees as it is', () => expect(conform(golden)).toBeUndefined());

  test('a changed value of an event is noticed', () => {
    const unnoticed: string[] = [];
    const tried = new Set<string>();
    golden.calls.forEach((event, i) => {
      if (event.e === 'user' || event.e === 'step' || NOT_COMPARED.has(String(event.f))) return;
      for (const key of Object.keys(event)) {
        // Each key of each kind of event once: what follows in a loop is compared by the same code.
        const what = `${event.e} ${String(event.f)} ${key}`;
        if (key === 'e' || key === 'f' || key === 't' || tried.has(what)) continue;
        tried.add(what);
        const calls = golden.calls.with(i, { ...event, [key]: lie(event[key]) });
        if (noticed({ ...golden, calls })) continue;
        unnoticed.push(`${i} ${what}`);
      }
    });
    expect(unnoticed).toEqual([]);
  });

  test('an event left out, added or put elsewhere is noticed', () => {
    const unnoticed: string[] = [];
    for (let i = 2; i < golden.calls.length - 2; i += 7) {
      const event = golden.calls[i] as Golden['calls'][number];
      if (event.e === 'user' || event.e === 'step' || NOT_COMPARED.has(String(event.f))) continue;
      const without = golden.calls.toSpliced(i, 1);
      if (!noticed({ ...golden, calls: without })) unnoticed.push(`${i} left out: ${JSON.stringify(event)}`);
      if (!noticed({ ...golden, calls: golden.calls.toSpliced(i, 0, event) })) unnoticed.push(`${i} twice`);
    }
    expect(unnoticed).toEqual([]);
  });

  test('a changed final state is noticed', () => {
    const after = golden.after as NonNullable<Golden['after']>;
    const pt = expandEvents(after.pt ?? [], 'after.pt');
    pt.forEach((entry, i) => {
      const val = entry.val === 'none' ? 'present:S900 WYD' : 'none';
      expect(noticed({ ...golden, after: { ...after, pt: pt.with(i, { ...entry, val }) } })).toBe(true);
    });
    const bytes = golden.mirror.bytes.map((run) => ({ ...run, v: '0x7f' }));
    expect(noticed({ ...golden, mirror: { ...golden.mirror, bytes } })).toBe(true);
    expect(noticed({ ...golden, walks: golden.walks + 1 })).toBe(true);
    expect(noticed({ ...golden, splats: [...golden.splats, 'kernel BUG at mm/rmap.c:1!'] })).toBe(true);
    expect(noticed({ ...golden, status: golden.status === 'hung' ? 'ok' : 'hung' })).toBe(true);
  });
});

/** True when the falsified run does not agree (or is refused as no measured run at all). */
function noticed(golden: Golden): boolean {
  try {
    return conform(golden) !== undefined;
  } catch {
    return true;
  }
}
