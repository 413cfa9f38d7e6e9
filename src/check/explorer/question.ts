import type { Revision } from '../../scenario/types.ts';

/** What a search looks for. */
export type Question =
  /** a run that breaks this rule; `all`: any rule */
  | { readonly kind: 'rule'; readonly rule: string }
  /** a run of this statement, `function:label` */
  | { readonly kind: 'site'; readonly site: string }
  /** a run that ends in another way on this other text: results, page table, findings */
  | { readonly kind: 'differ'; readonly revision: Revision; readonly fixes: readonly string[] }
  /** a walk that begins anew more than so many times */
  | { readonly kind: 'restarts'; readonly more: number };

/** A question in words. */
export function questionText(q: Question): string {
  switch (q.kind) {
    case 'rule':
      return q.rule === 'all' ? 'break any rule' : `break rule ${q.rule}`;
    case 'site':
      return `reach ${q.site}`;
    case 'differ':
      return `end differently on ${[q.revision, ...q.fixes].join(' + ')}`;
    case 'restarts':
      return `begin a walk anew more than ${q.more} times`;
    default:
      return q satisfies never;
  }
}
