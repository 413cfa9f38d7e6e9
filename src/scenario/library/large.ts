import { memory } from '../notation.ts';
import type { ScenarioEntry } from '../types.ts';
import { sketch } from './make.ts';

const AREAS = 512;

/**
 * What the areas of the large buffer look like: mostly small pages with holes, zero pages and swap in between, some THPs,
 * some memory that is on the device already. Every area is 512 pages.
 */
const KINDS = [
  'P*512',
  'P*200 N*56 P*128 Z*64 P*64',
  'P*448 D*64',
  'N*64 P*448',
  'T',
  'P*100 Z*12 P*100 Z*12 P*288',
  'D*512',
  'P*480 S*32',
  'P*512',
  'P*256 N*16 P*240',
  'TP',
  'P*508 Z*4',
  'Z*512',
] as const;

function areas(): ScenarioEntry[] {
  const entries: ScenarioEntry[] = [];
  for (let i = 0; i < AREAS; i++) entries.push(...memory(KINDS[i % KINDS.length] as string, i * 512));
  return entries;
}

/** Walks over much memory. */
export const LARGE = [
  sketch({
    id: 'mixed-1gib',
    title: 'One GiB of everything',
    about:
      '262,144 pages in 512 areas: small pages with holes, zero pages and swap entries among them, huge pages, memory that is on the device already. The whole range is collected by one call, as a snapshot: without faults.',
    look: [
      'The overview of the tables: 512 PMD entries under one table.',
      'Counters: how many locks, flushes and descents one GiB costs.',
      'Step anywhere: seeking costs the same at the end as at the beginning.',
    ],
    source: ['made for measuring'],
    tags: ['large', 'thp', 'device'],
    memory: areas(),
    pages: AREAS * 512,
    fault: false,
    select: ['SYSTEM', 'COMPOUND'],
  }),
];
