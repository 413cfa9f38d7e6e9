import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LANDMARKS, findLandmarks } from '../../src/recording/landmarks.ts';
import { runScenario } from '../../src/recording/run.ts';
import { siteCounts } from '../../src/recording/site-counts.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { knownUpTo } from '../../src/session/known.ts';
import { specOf } from '../../src/session/routes.ts';

const scenario = scenarioById('mixed');
if (scenario === undefined) throw new Error('no scenario mixed');
const spec = specOf(scenario);
const recording = runScenario(spec);
const loaded = { spec, recording, landmarks: findLandmarks(recording), siteCounts: siteCounts(recording) };

test('up to a step, only what ran up to it is known', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1, max: recording.length - 1 }), (horizon) => {
      const known = knownUpTo(loaded, horizon, 'why');
      expect(known.length).toBe(horizon + 1);
      const steps = Array.from({ length: horizon + 1 }, (_, i) => recording.machine.log.site[i] as number);
      expect(known.siteCounts.reduce((a, b) => a + b, 0)).toBe(steps.length);
      for (const s of new Set(steps)) expect(known.siteCounts[s]).toBe(steps.filter((x) => x === s).length);
      for (const k of LANDMARKS)
        expect([...known.landmarks[k]]).toEqual([...loaded.landmarks[k]].filter((at) => at <= horizon));
    }),
    { numRuns: 15 },
  );
});

test('without a question everything is known, and nothing is worked out anew', () => {
  const known = knownUpTo(loaded, Infinity, '');
  expect(known).toMatchObject({ length: recording.length, hidden: '' });
  expect(known.landmarks).toBe(loaded.landmarks);
  expect(known.siteCounts).toBe(loaded.siteCounts);
  expect(knownUpTo(loaded, Infinity, '')).toBe(known);
});
