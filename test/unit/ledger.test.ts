import { describe, expect, test } from 'vitest';
import { checkScenario } from '../../src/scenario/check.ts';
import { LEDGER, SWITCH_ROWS } from '../../src/scenario/ledger/index.ts';
import { SHOWS } from '../../src/scenario/ledger/shows.ts';
import { FIX_SWITCHES, kernelOf, revisionFixes } from '../../src/scenario/revision.ts';
import { observe, runShow } from '../support/ledger-run.ts';

test('every row has an id of its own, and rows that are the same name one that is there', () => {
  const ids = new Set(LEDGER.map((r) => r.id));
  expect(ids.size).toBe(LEDGER.length);
  for (const { is } of LEDGER) if (is.kind === 'equals') for (const id of is.rows) expect(ids).toContain(id);
});

test('a run that names a switch that is none is refused, with the place', () => {
  expect(() => kernelOf({ revision: 'v2', fixes: ['R-07', 'F-99'] })).toThrow('fixes: "F-99" is no switch');
});

test('every group of the ledger is complete', () => {
  const count = (group: string): number => LEDGER.filter((r) => r.id.startsWith(`${group}-`)).length;
  expect(['R', 'S', 'K', 'C', 'RFC', 'V', 'L', 'F', 'M', 'D', 'H'].map((g) => `${g} ${count(g)}`)).toEqual([
    'R 11',
    'S 2',
    'K 4',
    'C 7',
    'RFC 13',
    'V 10',
    'L 9',
    'F 36',
    'M 6',
    'D 14',
    'H 14',
  ]);
});

test('every switch has a run that shows it, and nothing else has', () => {
  expect(Object.keys(SHOWS).toSorted()).toEqual(SWITCH_ROWS.map((r) => r.id).toSorted());
});

test('revisions are sets of switches: v2 none, fixed all mends, rfc only what was before', () => {
  const on = new Map(FIX_SWITCHES.map((s) => [s.id, s.on]));
  expect(revisionFixes('v2').size).toBe(0);
  expect([...revisionFixes('fixed')].every((id) => on.get(id) === 'mended')).toBe(true);
  expect(revisionFixes('fixed').size).toBe(FIX_SWITCHES.filter((s) => s.on === 'mended').length);
  expect([...revisionFixes('rfc')].every((id) => on.get(id) === 'as-before')).toBe(true);
  expect([...revisionFixes('v7')].every((id) => on.get(id) === 'mended')).toBe(true);
});

describe.each(SWITCH_ROWS.map((r) => [r.id, r.title] as const))('%s %s', (id) => {
  const show = SHOWS[id];

  test('its scenario can be built', () => {
    expect(checkScenario(show!.scenario)).toEqual([]);
  });

  test('the switch makes the difference that is stated', () => {
    const off = observe(runShow(id, show!, false), show!.differs);
    const on = observe(runShow(id, show!, true), show!.differs);
    if ('in' in show!.differs)
      expect({ off, on }).toEqual({ off: String(show!.differs.in === 'off'), on: String(show!.differs.in === 'on') });
    else expect(on === off).toBe(false);
  });
});
