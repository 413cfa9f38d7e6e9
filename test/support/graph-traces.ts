/*
 * Texts in the layouts that function_graph prints, one for each set of options. They were written for these tests, after
 * kernel/trace/trace_functions_graph.c of v7.1 and after traces in bug reports; all but the last tell of the same calls.
 */

/** What every one of SAME_CALLS tells: function, depth and microseconds. */
export const CALLS: readonly (readonly [fn: string, depth: number, us: number | undefined])[] = [
  ['hmm_range_fault', 0, 1203.117],
  ['walk_page_range', 1, 118.44],
  ['find_vma', 2, 0.321],
  ['hmm_vma_walk_pmd', 2, 12.106],
  ['pmd_lock', 3, 0.09],
  ['migrate_vma_insert_page', 1, 0.18],
];

/** The same calls in each layout; `us` is false where the layout has no durations. */
export const SAME_CALLS: Readonly<Record<string, { readonly text: string; readonly us: boolean }>> = {
  'as it is by default, with marks of overhead': {
    us: true,
    text: `# tracer: function_graph
#
# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |
 3)               |  hmm_range_fault() {
 3)               |    walk_page_range() {
 3)   0.321 us    |      find_vma();
 3)               |      hmm_vma_walk_pmd() {
 3)   0.090 us    |        pmd_lock();
 3) + 12.106 us   |      }
 3) ! 118.440 us  |    }
 3)   0.180 us    |    migrate_vma_insert_page.isra.0();
 3) # 1203.117 us |  }
`,
  },
  'nofuncgraph-overhead': {
    us: true,
    text: ` 3)               |  hmm_range_fault() {
 3)               |    walk_page_range() {
 3)   0.321 us    |      find_vma();
 3)               |      hmm_vma_walk_pmd() {
 3)   0.090 us    |        pmd_lock();
 3)   12.106 us   |      }
 3)   118.440 us  |    }
 3)   0.180 us    |    migrate_vma_insert_page.constprop.0();
 3)   1203.117 us |  }
`,
  },
  'funcgraph-abstime': {
    us: true,
    text: `#     TIME        CPU  DURATION                  FUNCTION CALLS
#      |          |     |   |                     |   |   |   |
  360.774522 |   3)               |  hmm_range_fault() {
  360.774522 |   3)               |    walk_page_range() {
  360.774523 |   3)   0.321 us    |      find_vma();
  360.774523 |   3)               |      hmm_vma_walk_pmd() {
  360.774524 |   3)   0.090 us    |        pmd_lock();
  360.774536 |   3) + 12.106 us   |      }
  360.774641 |   3) ! 118.440 us  |    }
  360.774700 |   3)   0.180 us    |    migrate_vma_insert_page [test_hmm]();
  360.775726 |   3) # 1203.117 us |  }
`,
  },
  'funcgraph-proc': {
    us: true,
    text: `# CPU  TASK/PID         DURATION                  FUNCTION CALLS
# |     |    |           |   |                     |   |   |   |
 3) hmm-tes-2291  |               |  hmm_range_fault() {
 3) hmm-tes-2291  |               |    walk_page_range() {
 3) hmm-tes-2291  |   0.321 us    |      find_vma();
 3) hmm-tes-2291  |               |      hmm_vma_walk_pmd() {
 3) hmm-tes-2291  |   0.090 us    |        pmd_lock();
 3) hmm-tes-2291  | + 12.106 us   |      }
 3) hmm-tes-2291  | ! 118.440 us  |    }
 3) hmm-tes-2291  |   0.180 us    |    migrate_vma_insert_page();
 3) hmm-tes-2291  | # 1203.117 us |  }
`,
  },
  'nofuncgraph-duration': {
    us: false,
    text: ` 3) hmm_range_fault() {
 3)   walk_page_range() {
 3)     find_vma();
 3)     hmm_vma_walk_pmd() {
 3)       pmd_lock();
 3)     }
 3)   }
 3)   migrate_vma_insert_page();
 3) }
`,
  },
  'abstime and proc without duration': {
    us: false,
    text: `  360.774522 |   3)   sh-2291     | hmm_range_fault() {
  360.774522 |   3)   sh-2291     |   walk_page_range() {
  360.774523 |   3)   sh-2291     |     find_vma();
  360.774523 |   3)   sh-2291     |     hmm_vma_walk_pmd() {
  360.774524 |   3)   sh-2291     |       pmd_lock();
  360.774536 |   3)   sh-2291     |     }
  360.774641 |   3)   sh-2291     |   }
  360.774700 |   3)   sh-2291     |   migrate_vma_insert_page();
  360.775726 |   3)   sh-2291     | }
`,
  },
  'abstime alone': {
    us: false,
    text: `  360.774522 | hmm_range_fault() {
  360.774522 |   walk_page_range() {
  360.774523 |     find_vma();
  360.774523 |     hmm_vma_walk_pmd() {
  360.774524 |       pmd_lock();
  360.774536 |     }
  360.774641 |   }
  360.774700 |   migrate_vma_insert_page();
  360.775726 | }
`,
  },
  'no column at all': {
    us: false,
    text: `# tracer: function_graph
#
#                FUNCTION CALLS
#                |   |   |   |
hmm_range_fault() {
  walk_page_range() {
    find_vma();
    hmm_vma_walk_pmd() {
      pmd_lock();
    }
  }
  migrate_vma_insert_page();
}
`,
  },
  'latency-format': {
    us: true,
    text: ` 3)  ..... |               |  hmm_range_fault() {
 3)  ..... |               |    walk_page_range() {
 3)  ..... |   0.321 us    |      find_vma();
 3)  ..... |               |      hmm_vma_walk_pmd() {
 3)  ...1. |   0.090 us    |        pmd_lock();
 3)  ...1. | + 12.106 us   |      }
 3)  ..... | ! 118.440 us  |    }
 3)  d.h1. |   0.180 us    |    migrate_vma_insert_page();
 3)  ..... | # 1203.117 us |  }
`,
  },
  'a latency tracer with display-graph': {
    us: true,
    text: `# tracer: preemptoff
#
#   REL TIME      CPU  TASK/PID       ||||     DURATION                  FUNCTION CALLS
#      |          |     |    |        ||||      |   |                     |   |   |   |
        0 us |   3)  hmm-tes-2291  |  ...1. |               |  hmm_range_fault() {
        1 us |   3)  hmm-tes-2291  |  ...1. |               |    walk_page_range() {
        1 us |   3)  hmm-tes-2291  |  ...1. |   0.321 us    |      find_vma();
        2 us |   3)  hmm-tes-2291  |  ...1. |               |      hmm_vma_walk_pmd() {
        2 us |   3)  hmm-tes-2291  |  ...2. |   0.090 us    |        pmd_lock();
       14 us |   3)  hmm-tes-2291  |  ...1. | + 12.106 us   |      }
      119 us |   3)  hmm-tes-2291  |  ...1. | ! 118.440 us  |    }
      120 us |   3)  hmm-tes-2291  |  ...1. |   0.180 us    |    migrate_vma_insert_page();
     1203 us |   3)  hmm-tes-2291  |  ...1. | # 1203.117 us |  }
`,
  },
  'funcgraph-tail, -args, -retaddr, -retval': {
    us: true,
    text: `  360.774522 |   3) hmm-tes-2291  |               |  hmm_range_fault(range=0xffffc90000b7fc48) { /* <-dmirror_range_fault+0x8a/0x170 [test_hmm] */
  360.774522 |   3) hmm-tes-2291  |               |    walk_page_range(mm=0xffff888104f1c680, start=0x7f1c2e200000, end=0x7f1c2e204000, ops=0xffffffff82a3c560, private=0xffffc90000b7fb90) { /* <-hmm_range_fault+0x71/0xf0 */
  360.774523 |   3) hmm-tes-2291  |   0.321 us    |      find_vma(mm=0xffff888104f1c680, addr=0x7f1c2e200000); /* <-walk_page_range+0x94/0x210 ret=0xffff8881051d6000 */
  360.774523 |   3) hmm-tes-2291  |               |      hmm_vma_walk_pmd(pmdp=0xffff88810a5b8888, start=0x7f1c2e200000) { /* <-walk_pgd_range+0x3a1/0x7e0 */
  360.774524 |   3) hmm-tes-2291  |   0.090 us    |        pmd_lock(mm=0x0); /* <-hmm_vma_walk_pmd+0x55/0x420 ret=0x0 */
  360.774536 |   3) hmm-tes-2291  | + 12.106 us   |      } /* hmm_vma_walk_pmd ret=0x0 */
  360.774641 |   3) hmm-tes-2291  | ! 118.440 us  |    } /* walk_page_range ret=-16 */
  360.774700 |   3) hmm-tes-2291  |   0.180 us    |    migrate_vma_insert_page [mod]( a=0x1 ); /* <-x+0x1/0x2 */
  360.775726 |   3) hmm-tes-2291  | # 1203.117 us |  } /* hmm_range_fault ret=-16 */
`,
  },
  'funcgraph-overrun, trace_printk and events between': {
    us: true,
    text: ` 3)               |  hmm_range_fault() {
 3)               |    /* sched_waking: comm=kworker/3:1 pid=97 prio=120 target_cpu=003 */
 3)               |    walk_page_range() {
 3)   0.321 us    |      find_vma();
 3)               |      hmm_vma_walk_pmd() {
 3)               |        /* a note | with_a_bar() { and a call(); */
 3)   0.090 us    |        pmd_lock();
 (Overruns: 0)
 3) + 12.106 us   |      }
 (Overruns: 0)
 3) ! 118.440 us  |    }
CPU:3 [LOST 27 EVENTS]
 3)   0.180 us    |    migrate_vma_insert_page();
 3) # 1203.117 us |  }
`,
  },
  'trace-cmd report': {
    us: true,
    text: `cpus=8
       hmm-tests-2291  [003]   360.774522: funcgraph_entry:                   |  hmm_range_fault() {
       hmm-tests-2291  [003]   360.774522: funcgraph_entry:                   |    walk_page_range() {
       hmm-tests-2291  [003]   360.774523: funcgraph_entry:        0.321 us   |      find_vma();
       hmm-tests-2291  [003]   360.774523: funcgraph_entry:                   |      hmm_vma_walk_pmd() {
       hmm-tests-2291  [003]   360.774524: funcgraph_entry:        0.090us   |        pmd_lock();
       hmm-tests-2291  [003]   360.774536: funcgraph_exit:       + 12.106 us  |      }
       hmm-tests-2291  [003]   360.774641: funcgraph_exit:       ! 118.440 us |    }
       hmm-tests-2291  [003] d..1. 360.774700: funcgraph_entry:        0.180 us   |    migrate_vma_insert_page();
       hmm-tests-2291  [003]   360.775726: funcgraph_exit:      #1203.117 us  |  }
`,
  },
};

/** Two tasks that take turns on CPU 1, a third CPU, an interrupt, and the end of a call that began before the text. */
export const SEVERAL_TASKS = ` 1)   2.105 us    |      }
 1) * 48210.55 us |    } /* schedule */
 1)               |  migrate_vma_setup() {
 1)               |    migrate_vma_unmap() {
 ------------------------------------------
 1)  hmm-tes-2291  => kworker-97
 ------------------------------------------

 1)               |  process_one_work() {
 1)               |    lru_add_drain() {
 1)   0.100 us    |      folio_add_lru();
 0)               |  handle_mm_fault() {
 1)   0.900 us    |    }
 ------------------------------------------
 1)  kworker-97   => hmm-tes-2291
 ------------------------------------------

 1)   0.210 us    |      try_to_migrate();
 1)   ==========> |
 1)               |      sysvec_apic_timer_interrupt() {
 1)   0.050 us    |        lru_add_drain();
 1)   7.301 us    |      }
 1)   <========== |
 1)   0.220 us    |      try_to_migrate();
 1) $ 1204331 us  |    }
 1) @ 120433.1 us |  }
 0)   5.000 us    |  }
`;
