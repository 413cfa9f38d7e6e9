import { describe, expect, test } from 'vitest';
import { OP } from '../../src/machine/ops.ts';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { LANDMARKS, findLandmarks, neighbour } from '../../src/recording/landmarks.ts';
import { out, over, pageOfStep, toPage, toSite } from '../../src/recording/moves.ts';
import { ROUTES, routeOf, specOf, withRoute } from '../../src/session/routes.ts';

const scenario = scenarioById('mixed');
if (scenario === undefined) throw new Error('the library has no scenario "mixed"');
const spec = specOf(scenario);
const rec = runScenario(spec);
const { op, depth, site, actor } = rec.machine.log;
const steps = Array.from({ length: rec.length }, (_, i) => i);

describe('stepping over and out', () => {
  test('over from a call’s first line is its return, and back again', () => {
    for (const i of steps.filter((s) => op[s] === OP.ENTER)) {
      const to = over(rec, i, 1);
      if (to < 0) continue;
      expect([op[to], depth[to]]).toEqual([OP.EXIT, depth[i]]);
      expect(over(rec, to, -1)).toBe(i);
    }
  });

  test('over never goes deeper', () => {
    for (const i of steps) {
      const to = over(rec, i, 1);
      if (to >= 0) expect(depth[to] as number).toBeLessThanOrEqual(depth[i] as number);
    }
  });

  test('out is the first step of the same actor that lies higher', () => {
    for (const i of steps) {
      const to = out(rec, i, 1);
      const plain = steps.find((s) => s > i && actor[s] === actor[i] && (depth[s] as number) < (depth[i] as number));
      expect(to).toBe(plain ?? -1);
    }
  });
});

describe('running to', () => {
  test('a site: the next step there, in either direction', () => {
    const wanted = new Set([site[40] as number]);
    expect(toSite(rec, 39, 1, wanted)).toBe(40);
    expect(toSite(rec, 41, -1, wanted)).toBe(40);
    expect(toSite(rec, rec.length - 1, 1, wanted)).toBe(-1);
  });

  test('a page: every step found is about it or writes its entry', () => {
    const page = rec.origin + 2;
    let at = -1;
    let found = 0;
    for (at = toPage(rec, at, 1, page); at >= 0; at = toPage(rec, at, 1, page)) found++;
    expect(found).toBeGreaterThanOrEqual(steps.filter((s) => pageOfStep(rec, s) === page).length);
    expect(found).toBeGreaterThan(0);
  });

  test('landmarks ascend, and their neighbours are what a plain search finds', () => {
    const marks = findLandmarks(rec);
    for (const kind of LANDMARKS) {
      const list = [...marks[kind]];
      expect(list).toEqual(list.toSorted((a, b) => a - b));
      for (let x = -1; x < rec.length; x += 7) {
        expect(neighbour(marks[kind], x, 1)).toBe(list.find((s) => s > x) ?? -1);
        expect(neighbour(marks[kind], x, -1)).toBe(list.findLast((s) => s < x) ?? -1);
      }
    }
    expect(marks.migration.length).toBeGreaterThan(0);
    expect(marks.fault.length).toBeGreaterThan(0);
  });
});

test('every route is recognised in the spec that it makes', () => {
  for (const route of ROUTES) expect(routeOf(withRoute(spec, route))).toBe(route);
});
