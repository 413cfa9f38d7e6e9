/** The panes that a visit's first walk does not wait for: one chunk of their own. */
import type { ReactNode } from 'react';
import { Counters } from '../timeline/counters.tsx';
import { Timeline } from '../timeline/timeline.tsx';

export { PfnPane } from './pfn-pane.tsx';
export { TextPane } from './text-pane.tsx';

/** The timeline with the counters beside it. */
export function TimelinePane(): ReactNode {
  return (
    <div className="bottom">
      <Timeline />
      <Counters />
    </div>
  );
}
