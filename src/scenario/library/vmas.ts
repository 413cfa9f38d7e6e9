import { anon, sketch } from './make.ts';

/** Walks that meet the edges and kinds of VMAs. */
export const VMAS = [
  sketch({
    id: 'two-vmas',
    title: 'A range over two VMAs',
    about:
      'mprotect() has cut the mapping in two. A migration needs one VMA: at the second the call returns -ERANGE, with the first half collected.',
    look: [
      'Four pages are migration entries when the error comes.',
      'The caller must run setup, pages and finalize all the same, or they stay that way.',
    ],
    source: ['golden scenario two_vmas', 'ledger F-26'],
    tags: ['vma', 'error'],
    memory: 'P*4 R*4',
    vmas: [anon(0, 4), anon(4, 8, 'r--p')],
  }),
  sketch({
    id: 'vma-hole',
    title: 'A gap between two VMAs',
    about:
      'Pages 3 and 4 are not mapped at all. With a fault request that is -EFAULT, after three pages have been collected.',
    look: [
      'The gap is found by pte_hole() without a VMA.',
      'migrate_vma_setup() would have refused this range before doing anything.',
    ],
    source: ['golden scenario hole', 'ledger F-26'],
    tags: ['vma', 'error', 'hole'],
    memory: 'P*3 N*2 P*3',
    vmas: [anon(0, 3), anon(5, 8)],
  }),
  sketch({
    id: 'prot-none',
    title: 'Memory without permissions',
    about:
      'mprotect(PROT_NONE) keeps the pages. The old collectors took them; the unified walk checks VM_READ first and gives -EFAULT.',
    look: [
      'The entries are present for the kernel and not for the processor: bit 8 set, bit 0 clear, frame inverted.',
      'hmm_vma_walk_test() ends the walk before any table is read.',
    ],
    source: ['golden scenario prot_none', 'ledger F-10'],
    tags: ['vma', 'error'],
    memory: 'R*8',
    vmas: [anon(0, 8, '---p')],
  }),
  sketch({
    id: 'file-pages',
    title: 'Pages of shared memory',
    about:
      'The page cache holds a reference on each page. They are collected, locked and unmapped like anonymous ones; only migrate_vma_pages() rejects them.',
    look: ['Eight migration entries, eight candidates, nothing migrated.', 'All the work is undone by finalize.'],
    source: ['golden scenario shmem_shared'],
    tags: ['vma', 'file', 'restore'],
    memory: 'F*8',
    vmas: [{ start: 0, end: 8, perms: 'rw-s', kind: 'shmem' }],
  }),
];
