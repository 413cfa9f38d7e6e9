import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { decodeLink, encodeLink } from '../../src/scenario/link.ts';
import { linkStates } from '../support/link-states.ts';

/*
 * Part of npm run test:deep: state -> link -> state is the identity on 10,000 random states. A failure is printed as the
 * smallest state found. Exit code 0 holds, 1 does not.
 */

const RUNS = 10_000;
const result = await fc.check(
  fc.asyncProperty(linkStates, async (state) =>
    isDeepStrictEqual(await decodeLink(await encodeLink(state)), { ok: structuredClone(state) }),
  ),
  { numRuns: RUNS, seed: 1 },
);
if (result.failed) {
  console.log(fc.defaultReportMessage(result));
  process.exitCode = 1;
} else console.log(`links: ${result.numRuns} states, all come back the same`);
