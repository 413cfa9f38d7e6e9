import { ACTORS, type ActorKind } from '../actors.ts';
import type { Scenario, ScenarioRival } from '../types.ts';
import { type Sketch, sketch } from './make.ts';

/** One actor by itself: what it runs on, and what there is to see. */
interface Alone {
  readonly memory: string;
  readonly about: string;
  readonly look: readonly string[];
  readonly rival?: Partial<ScenarioRival>;
  readonly more?: Partial<Sketch>;
}

const ALONE: Readonly<Partial<Record<ActorKind, Alone>>> = {
  split: {
    memory: 'T',
    about:
      'The shrinker splits a huge page that is hardly used. It needs no mmap lock: the folio lock, and the anon_vma lock for writing, keep everybody away from the 512 migration entries that stand in for the page meanwhile.',
    look: [
      'split_folio() counts the references first: one too many, and nothing happens.',
      'try_to_migrate() splits the PMD mapping into 512 migration entries.',
      'remove_migration_ptes() maps page by page again.',
    ],
  },
  split_huge_pmd: {
    memory: 'T',
    about:
      'A system call cuts a VMA inside a huge page. Only the mapping changes: one huge entry becomes a table of 512, the folio stays whole and has 512 mappings instead of one.',
    look: [
      'The devices are told that all 2 MiB are cleared.',
      'The references of the folio go from 1 to 512 with its mappings.',
    ],
    rival: { start: 100, end: 101 },
  },
  collapse: {
    memory: 'P*300 Z*12 N*200',
    about:
      'khugepaged finds 2 MiB of small pages that are in use and makes a huge page of them. It needs the mmap lock for writing and the anon_vma lock for writing: while the table hangs nowhere, nobody may look for these pages.',
    look: [
      'The mmap lock is dropped while a huge page is allocated; everything is checked anew after that.',
      'The table leaves its PMD, then each page is locked (if it can be), counted and isolated.',
      'Had one page been locked or pinned, the table would go back to its place.',
    ],
    more: { vmas: [{ start: 0, end: 512, perms: 'rw-p', kind: 'anon', flags: ['hugepage'] }] },
  },
  swap_out: {
    memory: 'P*3 C S V L G',
    about:
      'Reclaim comes by page frame, without the mmap lock. Each page gets a swap slot, swap entries take the place of its mappings, in every process, and only when all TLBs are flushed is the page freed.',
    look: [
      'The page that fork shares gets two swap entries of one slot.',
      'The page somebody else holds is unmapped but cannot be freed; the locked one and the pinned one stay as they are.',
      'The flush comes before a page is written, and before any is freed.',
    ],
  },
  fork: {
    memory: 'P*4 R S Z D',
    about:
      'fork() copies the page tables, not the pages: every writable private entry becomes read-only in parent and child, and the pages are nobody’s own any more.',
    look: [
      'The mmap lock is held for writing, and the devices hear PROTECTION_PAGE.',
      'The child’s table and the parent’s are locked, in this order.',
      'The swap slot has one user more, the device page one mapping more.',
    ],
  },
  protnone: {
    memory: 'P*4 C Z P*2',
    about:
      'NUMA balancing wants to know who uses a page and takes its access rights away. Shared and special pages keep theirs.',
    look: [
      'The mmap lock is only tried: balancing can wait.',
      'The frame of a PROT_NONE entry is stored inverted.',
      'The page shared by fork, and the zero page, are passed over.',
    ],
  },
  gup: {
    memory: 'P C N S',
    about:
      'O_DIRECT or RDMA pins pages for writing. A page that may not be written yet is faulted in first: copied, filled with zeros, read from swap. While pinned, a small page counts 1024 references more and cannot migrate.',
    look: [
      'The entry is read under its lock, and the pin taken before the lock goes.',
      'Pages 1 to 3 need a fault, then a second look.',
      'The mmap lock is dropped long before the pins.',
    ],
  },
  mprotect: {
    memory: 'P*6 D*2',
    about:
      'mprotect(PROT_READ) makes memory read-only. The drivers’ callbacks come first: each device drops what it has mapped, and its sequence moves on, so that whoever is in the middle of a walk starts again.',
    look: [
      'dmirror_interval_invalidate() erases the device’s own entries.',
      'The device-private entries of the CPU become readable ones.',
      'One flush for the whole range.',
    ],
  },
  madvise_free: {
    memory: 'P*3 S',
    about:
      'MADV_FREE says that nobody needs the contents. The entries stay, but clean and old, so that reclaim may drop the pages without writing them; the swap slot is given back at once.',
    look: ['Nothing is unmapped.', 'The devices are told all the same (CLEAR).'],
  },
  fault_and_migrate: {
    memory: 'P*3 N Z S R P',
    about:
      'A second device faults on the range and is served by the unified walk. By itself it is what the walker does; together with the walker the two meet each other’s migration entries.',
    look: [
      'The same functions as the walker’s, on behalf of device 1.',
      'What device 0 owns is not device 1’s to collect.',
    ],
    rival: { device: 1 },
    more: { conditions: { openDevices: [0, 1] } },
  },
};

const slug = (kind: ActorKind): string => kind.replaceAll('_', '-');

function alone(kind: ActorKind, a: Alone): Scenario {
  const made = sketch({
    id: `alone-${slug(kind)}`,
    title: `Alone: ${ACTORS[kind].title}`,
    about: a.about,
    look: a.look,
    source: ACTORS[kind].functions.map((fn) => `kernel v6.19, ${fn}()`),
    tags: ['actor', 'alone'],
    memory: a.memory,
    ...a.more,
  });
  const { start, end } = made.request;
  const rival: ScenarioRival = { does: kind, start, end, when: 'before-copy', ...a.rival };
  // The walker has nothing to do, so that the actor is all there is.
  return { ...made, conditions: { ...made.conditions, rivals: [rival] }, program: [] };
}

/** Each actor that can run beside the walker, by itself. */
export const ACTORS_ALONE: readonly Scenario[] = Object.entries(ALONE).map(([kind, a]) => alone(kind as ActorKind, a));
