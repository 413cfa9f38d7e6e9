import { memory } from '../notation.ts';
import type { Scenario, ScenarioConditions, ScenarioEntry, ScenarioRequest, ScenarioVma } from '../types.ts';

/** Address of page 0 in the library: on a 2 MiB boundary, as in the measurements. */
const BASE = 0x200000000;

/** What a library scenario says; the rest follows from it. */
export interface Sketch {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly look: readonly string[];
  readonly source: readonly string[];
  readonly tags: readonly string[];
  /** line of memory words (notation.ts) or entries */
  readonly memory: string | readonly ScenarioEntry[];
  /** page of the first memory word */
  readonly from?: number;
  /** page 0 lies so many pages after a 2 MiB boundary */
  readonly phase?: number;
  /** pages of the request, from page 0 on; left out: to the end of the memory */
  readonly pages?: number;
  /** left out: one anonymous VMA around memory and request, for huge pages if there is room */
  readonly vmas?: readonly ScenarioVma[];
  readonly tables?: Scenario['tables'];
  readonly write?: boolean;
  readonly fault?: boolean;
  readonly select?: ScenarioRequest['select'];
  readonly device?: number;
  readonly conditions?: ScenarioConditions;
}

/** Makes a scenario of a sketch. */
export function sketch(s: Sketch): Scenario {
  const entries = typeof s.memory === 'string' ? memory(s.memory, s.from ?? 0) : s.memory;
  const end = s.pages ?? Math.max(...entries.map((e) => e.page + e.count));
  return {
    format: 'walkscope-scenario',
    version: 1,
    id: s.id,
    title: s.title,
    about: s.about,
    look: s.look,
    source: s.source,
    tags: s.tags,
    base: `0x${(BASE + (s.phase ?? 0) * 4096).toString(16)}`,
    vmas: s.vmas ?? [around(end, entries)],
    entries,
    ...(s.tables === undefined ? {} : { tables: s.tables }),
    request: {
      start: 0,
      end,
      fault: s.fault ?? true,
      write: s.write ?? false,
      select: s.select ?? ['SYSTEM'],
      device: s.device ?? 0,
    },
    ...(s.conditions === undefined ? {} : { conditions: s.conditions }),
  };
}

function around(pages: number, entries: readonly ScenarioEntry[]): ScenarioVma {
  let [start, end] = [0, pages];
  for (const e of entries) [start, end] = [Math.min(start, e.page), Math.max(end, e.page + e.count)];
  return { start, end, perms: 'rw-p', kind: 'anon', flags: [end - start >= 512 ? 'hugepage' : 'nohugepage'] };
}

/** An anonymous VMA without huge pages. */
export function anon(start: number, end: number, perms = 'rw-p'): ScenarioVma {
  return { start, end, perms, kind: 'anon', flags: ['nohugepage'] };
}
