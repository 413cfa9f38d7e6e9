import type { Binding } from './anchor/bind.ts';
import type { Coverage } from './coverage.ts';
import type { PatchInput, PatchSet } from './read/types.ts';

/** What the page asks of the patch worker. */
export type PatchRequest =
  | { readonly kind: 'read'; readonly inputs: readonly PatchInput[] }
  | { readonly kind: 'coverage' };

/** What it answers. */
export type PatchReply =
  /** `partial`: the beginning of a large input; the whole follows */
  | { readonly kind: 'read'; readonly set: PatchSet; readonly binding: Binding; readonly partial: boolean }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'coverage'; readonly coverage: Coverage }
  | { readonly kind: 'failed'; readonly message: string };
