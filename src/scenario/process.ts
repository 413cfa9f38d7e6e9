/**
 * What the process of a scenario does around its walks: system calls, accesses, ioctls of the test driver, events of a
 * real driver. Pages are relative to the start of the requested range.
 */

/** What a test expects of one of its operations; what is left out may be anything. */
export interface Expectation {
  /** 0 or a negative error number; of an access the mark of its signal */
  readonly ret?: number;
  readonly cpages?: number;
  readonly faults?: number;
  /** SNAPSHOT bytes in hexadecimal, one word for each page; `06*512` repeats */
  readonly bytes?: string;
  /** first word of the first page, one more for each further page; what was read, or is there now */
  readonly data?: number | 'zero';
}

/** The fields that every operation of a process has. */
interface Common {
  /** 0 or left out: the process of the scenario; n: the n-th forked one */
  readonly process?: number;
  readonly expect?: Expectation;
}

export type ProcessCall = Common &
  (
    | /** a CPU reads the first word of each page, or writes `data` (one more for each further page; left out: what is there) */
    {
        readonly call: 'access';
        readonly start: number;
        readonly end: number;
        readonly write: boolean;
        readonly data?: number;
      }
    | { readonly call: 'mprotect'; readonly start: number; readonly end: number; readonly perms: string }
    | { readonly call: 'munmap'; readonly start: number; readonly end: number }
    | {
        readonly call: 'madvise';
        readonly advice: 'dontneed' | 'free';
        readonly start: number;
        readonly end: number;
      }
    /** MREMAP_MAYMOVE | MREMAP_FIXED, with `keepOld` MREMAP_DONTUNMAP */
    | {
        readonly call: 'mremap';
        readonly start: number;
        readonly end: number;
        readonly to: number;
        readonly keepOld: boolean;
      }
    /** the next process is a child of this one */
    | { readonly call: 'fork' }
    /** get_user_pages() of each page, given back at once */
    | { readonly call: 'gup'; readonly start: number; readonly end: number; readonly write: boolean }
    /** opens the device file: the device mirrors this process from now on */
    | { readonly call: 'open'; readonly device: number }
    | {
        readonly call: 'dmirror';
        readonly nr:
          | 'read'
          | 'write'
          | 'to-dev'
          | 'to-sys'
          | 'snapshot'
          | 'exclusive'
          | 'check-exclusive'
          | 'release'
          | 'fail-alloc';
        readonly start: number;
        readonly end: number;
        readonly device: number;
      }
    /** something that makes the driver of the scenario act: which events it knows is up to it */
    | {
        readonly call: 'driver';
        readonly does: 'gpu-fault' | 'bind' | 'evict' | 'page-in' | 'page-out';
        readonly start: number;
        readonly end: number;
        readonly device: number;
        /** the device wants to write */
        readonly write?: boolean;
      }
  );
