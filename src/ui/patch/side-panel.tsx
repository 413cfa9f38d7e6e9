import type { ReactNode } from 'react';
import type { LoadedPatch, SidePanel as Panel } from '../../session/patch/state.ts';
import { Scroll } from '../base/scroll.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { Outline } from './outline.tsx';
import { Problems } from './problems.tsx';
import { RangePanel } from './range-panel.tsx';
import { Remarks } from './remarks.tsx';

const TITLES: Readonly<Record<Panel, string>> = {
  outline: 'Outline of the patch',
  remarks: 'Remarks of the thread',
  problems: 'What is wrong with the input',
  sites: 'Coverage of the patch',
  range: 'Range-diff of two versions',
};

/** What stands beside the lines: one panel at a time. */
export function SidePanel({ loaded, panel }: { loaded: LoadedPatch; panel: Panel }): ReactNode {
  return (
    <Scroll className={`patch-side-panel ${panel}`} label={TITLES[panel]}>
      {panel === 'outline' ? <Outline loaded={loaded} /> : null}
      {panel === 'remarks' ? <Remarks loaded={loaded} /> : null}
      {panel === 'problems' ? <Problems loaded={loaded} /> : null}
      {panel === 'range' ? <RangePanel loaded={loaded} /> : null}
      {panel === 'sites' ? <CoveragePanel loaded={loaded} /> : null}
    </Scroll>
  );
}
