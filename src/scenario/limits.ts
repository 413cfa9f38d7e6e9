/** Bounds of a scenario, so that no input can exhaust memory or hang the page. */
export const LIMIT = {
  /** pages lie in [-PAGE, PAGE) around the request's base: 64 GiB either way */
  PAGE: 1 << 24,
  /** pages of a request, and of all entries together: 4 GiB */
  PAGES: 1 << 20,
  VMAS: 4096,
  ENTRIES: 1 << 18,
  /** page-table pages that hold entries or are asked for by `tables`, over all processes */
  TABLES: 1 << 14,
  /** page frames behind the entries; a PMD entry counts 512, also if the scenario names fewer pages */
  FRAMES: 1 << 21,
  /** forked processes */
  CHILDREN: 16,
  /** pages of all mapped files */
  FILE_PAGES: 1 << 20,
  /** pages from the first to the last that a device's own page table has to cover */
  WINDOW: 1 << 21,
  REFS: 1_000_000,
  RIVALS: 3,
  OPERATIONS: 100,
  DEVICES: 4,
} as const;
