import type { Tour } from '../types.ts';

/** Tour 8: the memory of devices, as seen from the page table. */
export const DEVICE_MEMORY: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'device-memory',
  title: 'Device-private and coherent memory, and a bit named DEVICE',
  about:
    'Entries for pages that the CPU cannot reach, entries for those it can, whose page is whose, and how a number says which.',
  goal: 'Tell device-private from device-coherent memory by its entry, say what the walk does with own and foreign pages, and explain what MIGRATE_PFN_DEVICE is for and how it went wrong.',
  minutes: 30,
  needs: ['tour 7'],
  stops: [
    {
      title: 'Own device pages',
      run: { scenario: 'device-own' },
      at: 'first hmm_vma_handle_pte:ownDevice',
      expect: 'of the asking device',
      note: `The pages are on the device already. Their entries are **device-private**: not present, with a type that says "device" and the page's number. The CPU cannot read that memory. For the device that asks it is home: the walk reports it as VALID.`,
      question: { predict: 'word' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Nothing to move',
      at: 'first hmm_vma_handle_migrate_prepare:notSelected',
      expect: 'not selected',
      note: `The driver asked for pages of system memory (\`MIGRATE_VMA_SELECT_SYSTEM\`). These are not, so they are not collected. The walk ends with eight valid reports and nothing to migrate.`,
      facts: { migrationEntries: 0, copies: 0 },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Pages of another device',
      run: { scenario: 'device-other' },
      at: 'first hmm_vma_handle_pte:foreignDevice',
      expect: 'fault it back',
      note: `The same sort of entry, another **owner**. Device 0 cannot read the memory of device 1. The only way goes through system memory: fault.`,
      reviewer: `The test is \`page_pgmap(page)->owner == range->dev_private_owner\`. Devices that can reach each other share one owner value.`,
      question: { predict: 'fault' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'The fault calls the other driver',
      at: 'first do_swap_page:toRam',
      expect: 'migrate_to_ram',
      note: `The fault handler asks the driver that owns the page to bring it home. That is a migration of its own, inside the fault: setup, copy, finalize, for one page.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Eight faults, eight migrations, and then start again',
      at: 'hmm_range_fault:collision',
      expect: 'the sequence has moved on',
      note: `Each of the eight has changed the page table and told every mirror. The notifier's sequence has moved on eight times, and the call gives up with \`-EBUSY\`. The second try finds ordinary pages.`,
      facts: { faults: 8, walks: 10, retries: 1 },
      panes: { closed: ['pfns'], tab: 'log' },
    },
    {
      title: 'Coherent memory looks ordinary',
      run: { scenario: 'coherent' },
      at: 'hmm_vma_handle_pte:report of page 0',
      expect: 'VALID|WRITE:C0',
      note: `**Device-coherent** memory belongs to a device, but the CPU can reach it. So its entries are present, like any others. The page table alone does not show the difference: one has to ask the page.`,
      question: {
        ask: 'A CPU reads a coherent page. Does it fault?',
        choices: [
          'No: the entry is present.',
          'Yes: the driver must bring it home first.',
          'Only if it writes.',
          'Only on the first read.',
        ],
        right: 0,
        because:
          'The mapping is present and the memory is on a bus that the CPU can read. Migration back is a question of speed, not of access.',
      },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'A bit for the number: MIGRATE_PFN_DEVICE',
      run: { scenario: 'dp-test-hmm', kernel: 'base', fixes: ['DP-1', 'DP-8', 'D-03'] },
      at: 'first dmirror_migrate_alloc_and_copy:dst',
      expect: 'dst[0] = VALID|WRITE:C0',
      note: `Another series takes device-private pages out of the physical address space. Their numbers are then offsets of their own, and a number alone no longer says what it is. So \`src[]\` and \`dst[]\` get a bit (5): *this is device-private*.

The destination here is **coherent** memory: it has an ordinary frame, so the bit must not be set. Here it is not.`,
      reviewer: `Bit 5 was free (see the history of the bits: it was a pfn bit, then ERROR, then unused). In the first posting it is called \`MIGRATE_PFN_DEVICE\`, later \`MIGRATE_PFN_DEVICE_PRIVATE\`.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The bit on the wrong page',
      run: { scenario: 'dp-test-hmm', kernel: 'base', fixes: ['DP-1', 'DP-8'] },
      at: 'first __migrate_device_pages:noDst',
      expect: 'VALID|WRITE:S0',
      note: `The first posting set the bit on *every* destination in device memory. A coherent frame is then read as an offset, no page is found under it, and the migration of this page is given up: MIGRATE is gone from \`src[0]\`.`,
      reviewer: `Ledger D-03 (small pages) and D-02 (huge pages), found by Felix Kuehling in review; D-01 is the same in amdkfd. Mended by asking \`is_device_private_page()\`.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Eight device pages that nobody unlocks',
      at: 'end',
      note: `The pages come back to where they were. But the driver's eight destination pages were locked and are no longer found: they stay locked. Look at the findings.`,
      panes: { closed: ['pfns'], tab: 'findings' },
    },
    {
      title: 'Bit 57, twice',
      run: { scenario: 'dp-bit-57', fixes: ['DP-3'] },
      at: 'hmm_vma_handle_pte:report of page 0',
      expect: 'MIGRATE:D0',
      note: `In \`hmm_pfns[]\` that series uses bit 57. The unified walk uses the same bit for **MIGRATE**. With both series in one kernel an own device page that is only *reported* looks as if it had been *collected*.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Migrated without having been locked',
      at: 'first finding',
      note: `\`migrate_hmm_range_setup()\` takes the report for a collected page. It was never locked and never unmapped, and the migration runs into one check after the other.`,
      reviewer: `Ledger D-13, found by reading. With D-13 on, the flag is bit 55 and the order field begins at bit 50.`,
      panes: { closed: ['pfns'], tab: 'findings' },
    },
  ],
  discuss: [
    {
      ask: 'Why is a device-private entry not present?',
      answer:
        'Because the CPU cannot access the memory. A present entry would let the hardware try; a non-present one makes it fault, and the driver can fetch the page.',
    },
    {
      ask: 'Two GPUs can read each other’s memory. What would you change?',
      answer:
        'Give both the same owner value: the walk then takes the pages of either for its own and reports them without a fault.',
    },
    {
      ask: 'Why is a flag in a number more dangerous than a field of its own?',
      answer:
        'Whoever does not know it reads it as part of the number, and two series can take the same bit without noticing: the compiler sees nothing wrong.',
    },
  ],
};
