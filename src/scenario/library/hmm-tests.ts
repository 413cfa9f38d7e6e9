import type { Scenario } from '../types.ts';
import { DEVICE_TESTS } from './hmm-tests-device.ts';
import { HUGE_TESTS } from './hmm-tests-huge.ts';
import { MIRROR_TESTS } from './hmm-tests-mirror.ts';
import type { Selftest } from './selftest.ts';

/** Every variant of a selftest that the model runs, in the order of the test program. */
export const SELFTESTS: readonly Selftest[] = [...MIRROR_TESTS, ...DEVICE_TESTS, ...HUGE_TESTS];

/** One scenario for each test; the tests themselves run all variants. */
export const SELFTEST_SCENARIOS: readonly Scenario[] = SELFTESTS.filter((t) => t.shipped).map((t) => t.scenario);

/** What the model leaves out of tools/testing/selftests/mm/hmm-tests.c, and why. */
export const SELFTESTS_LEFT_OUT: readonly { readonly test: string; readonly why: string }[] = [
  { test: 'open_close', why: 'opens the device file and closes it: no memory is touched, so there is nothing to walk' },
  {
    test: 'hmm_gup_test (coherent device)',
    why: 'a long-term pin moves coherent pages to system memory first, which the model’s get_user_pages() does not do',
  },
  {
    test: 'benchmark_thp_migration (times)',
    why: 'the model counts steps; the seconds of a machine are not its own. The migrations themselves run',
  },
];
