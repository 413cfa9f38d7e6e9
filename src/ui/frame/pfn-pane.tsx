import type { ReactNode } from 'react';

/** The pfn arrays as words. */
export function PfnPane(): ReactNode {
  return <p className="empty">The pfn arrays.</p>;
}
