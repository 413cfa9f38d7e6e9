import type { FixSwitch } from './revision.ts';
import type { Scenario, Strategy } from './types.ts';

/**
 * The series that takes device-private pages out of the physical address space, as switches. Its own patches are
 * `changed`: off, the kernel does not have them, and then the other switches do nothing.
 */
export const DEVICE_PFN_SWITCHES: readonly FixSwitch[] = [
  { id: 'DP-1', title: 'patch 1: a bit of migrate pfns says device-private; nobody reads it', on: 'changed' },
  { id: 'DP-3', title: 'the HMM patch: bit 57 of hmm pfns says device-private', on: 'changed' },
  { id: 'DP-8', title: 'the final patch: with the bit, the number is an offset and no frame', on: 'changed' },
  { id: 'D-01', title: 'amdkfd looks at the page before it says device-private', on: 'mended' },
  { id: 'D-02', title: 'the test driver does so for huge pages', on: 'mended' },
  { id: 'D-03', title: 'the test driver does so for small pages', on: 'mended' },
  { id: 'D-05', title: 'migrate_device_pfn_lock() does so', on: 'mended' },
  { id: 'D-09', title: 'a device-private PMD gets the bit, too', on: 'mended' },
  { id: 'D-13', title: 'the second of the two series uses another bit than 57', on: 'mended' },
  { id: 'D-14', title: 'migrate_hmm_range_setup() makes src from the page, not from a frame', on: 'mended' },
];

/** Rows of the series that no run can show, and why. */
export const DEVICE_PFN_NOT_RUN: Readonly<Record<string, string>> = {
  'D-04': 'the branch sees device-private entries only: coherent pages are present, so that the bit was right there',
  'D-06': 'an expectation of the reviewer; D-01 to D-05 are what came of it',
  'D-07': 'the proposal of the helper that later revisions use',
  'D-08': 'only an order of 16 or more would reach the bit that was not moved; the largest in the model is 9',
  'D-10': 'a cost, not a defect: three swap types more leave 21 swap files instead of 24',
  'D-11': 'two tests with the same result',
  'D-12': 'a chunk whose size is no multiple of the page size; devices of the model have whole pages',
};

/** A run that shows what a switch of the series is about. */
export interface DevicePfnShow {
  readonly row: string;
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly kernel: 'base' | 'v2';
  /** switches of the series that are on in both runs */
  readonly with: readonly string[];
  readonly off: string;
  readonly on: string;
}
