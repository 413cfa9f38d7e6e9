import { OP, WAIT } from '../../machine/ops.ts';
import { formatValue } from '../../recording/format.ts';
import { namesOf } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';

/** The lock that a step takes or begins to wait for, in words; undefined when it takes none. */
export function lockName(rec: Recording, step: number): string | undefined {
  const { op, a, c } = rec.machine.log;
  const id = a[step] as number;
  switch (op[step]) {
    case OP.LOCK_PMD:
      return tableLock(rec, id, step);
    case OP.LOCK_PTE:
      return c[step] === 1 ? tableLock(rec, id, step) : undefined;
    case OP.LOCK_MMAP_READ:
      return 'the mmap lock, for reading';
    case OP.LOCK_MMAP_WRITE:
      return 'the mmap lock, for writing';
    case OP.LOCK_ANON_VMA:
      return `the lock of anon_vma ${id}`;
    case OP.FOLIO_LOCK:
      return `the lock of folio ${namesOf(rec).folio(id)}`;
    case OP.BLOCKED:
      return awaited(rec, step);
    default:
      return undefined;
  }
}

const tableLock = (rec: Recording, table: number, step: number): string => formatValue(rec, 'lock', table, step);

function awaited(rec: Recording, step: number): string | undefined {
  const { a, b } = rec.machine.log;
  const id = b[step] as number;
  switch (a[step]) {
    case WAIT.SPINLOCK:
      return tableLock(rec, id, step);
    case WAIT.FOLIO:
      return `the lock of folio ${namesOf(rec).folio(id)}`;
    case WAIT.MMAP:
      return 'the mmap lock';
    case WAIT.ANON_VMA:
      return `the lock of anon_vma ${id}`;
    case WAIT.NOTIFIER:
      return 'the end of an invalidation';
    default:
      return undefined;
  }
}
