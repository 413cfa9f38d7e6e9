import type { ReactNode } from 'react';
import { SELFTESTS_LEFT_OUT } from '../../scenario/library/hmm-tests.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';

const MODELLED = [
  'The unified walk as the second posting of the series (v2) has it: hmm_range_fault() with migration, every callback of its page walk, the conversion of the pfn arrays, and migrate_vma_setup() with and without MIGRATE_VMA_FAULT.',
  'What the walk leans on: the generic page walk, the fault handler (zero page, anonymous page, huge page, copy on write, swap-in, device-private fault), splits of huge mappings and folios, migration entries, rmap, LRU isolation, notifiers, the copy, and the finalize step of the migration.',
  'x86-64 page tables of four levels, with real 64-bit words for entries, hmm pfns and migrate pfns.',
  'Reference counts, map counts, folio and page-table locks, the mmap lock, anon_vma locks, RCU-mapped page tables, and what lockdep and might_sleep() would complain about.',
  'The classic strategies beside it: fault, then migrate; migrate, fault, migrate; either alone. They run on the series’ text and on the kernels v6.19 and v7.1.5 without the series; the design of 2016 runs, too.',
  'Later texts of the series as sets of fix switches: what the postings of v7 do not show is left as in v2.',
  'The test driver of the kernel (lib/test_hmm.c) as the device, and small models of xe over drm_pagemap, nouveau, amdkfd and KVM’s secure guests.',
  'What a process does around its walks: fork, mprotect, munmap, mremap, madvise, get_user_pages, exclusive access, eviction.',
  'The device-private page frame series in migrate pfns, as switches; in hmm pfns its flag only.',
];

const NOT_MODELLED = [
  'Of the drivers: GPUs that share one owner value, residency timeslices, migration granularities below a VMA, and the commands that a GPU itself runs. Each device has one open file.',
  'Merging of VMAs after mprotect() and munmap(); page tables above the PTE tables are not freed.',
  'Time. A step is a statement, not a duration; nothing here says how long anything takes.',
  'The translation caches themselves: flushes are recorded and counted, but no stale translation is ever used.',
  'Page contents beyond the first word of each page; there is no disk behind swap slots or files, so reading them never waits.',
  'Control groups, NUMA placement, KSM, userfaultfd handlers, memory failure handling, memory hotplug, and reclaim running by itself.',
  'Several CPUs at every point: other actors run only at the moments that a scenario names. Searching all schedules is not part of this version.',
  'PUD-sized leaves beyond what the walk itself decides about them, five-level tables, and other architectures.',
];

/** What is and what is not modelled. */
export function About(): ReactNode {
  return (
    <Dialog title="About the model" wide>
      <Scroll className="about" label="About the model">
        <p>
          Walkscope runs a simulation of the kernel’s own code, function by function, and records every statement. The
          screen only plays such recordings: nothing is drawn that the simulation did not do, and the code shown is the
          code that ran. The same scenario always gives the same recording.
        </p>
        <h3>Modelled</h3>
        <ul>
          {MODELLED.map((t) => (
            <li key={t}>{t}</li>
          ))}
        </ul>
        <h3>Not modelled</h3>
        <ul>
          {NOT_MODELLED.map((t) => (
            <li key={t}>{t}</li>
          ))}
        </ul>
        <p>Of the kernel’s selftests of this code (hmm-tests.c) all run but these:</p>
        <ul>
          {SELFTESTS_LEFT_OUT.map(({ test, why }) => (
            <li key={test}>
              {test}: {why}.
            </li>
          ))}
        </ul>
        <h3>Your data</h3>
        <p>
          Everything runs in this page. Files that you open are read here and sent nowhere; after loading, the page
          makes no request to any other place. Free software under GPL-2.0-only.
        </p>
      </Scroll>
    </Dialog>
  );
}
