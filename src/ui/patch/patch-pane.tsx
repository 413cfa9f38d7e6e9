import { type ReactNode, useEffect, useMemo } from 'react';
import { buildRows } from '../../patch/rows.ts';
import { type LoadedPatch, patchStore } from '../../session/patch/state.ts';
import { store } from '../../session/store.ts';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { DiffList } from './diff-list.tsx';
import { LineDetail } from './line-detail.tsx';
import { OpenForm } from './open-form.tsx';
import { SidePanel } from './side-panel.tsx';
import { Toolbar } from './toolbar.tsx';
import { usePatch } from './use-patch.ts';
import './patch.css';

/** The patch that is reviewed, beside the model: reading, its lines, and what the model knows of each. */
export function PatchPane(): ReactNode {
  const loaded = usePatch((s) => s.loaded);
  const opening = usePatch((s) => s.opening);
  if (loaded === null || opening) return <OpenForm />;
  return <Review loaded={loaded} />;
}

function Review({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const scope = usePatch((s) => s.scope);
  const split = usePatch((s) => s.split);
  const panel = usePatch((s) => s.panel);
  const rows = useMemo(() => buildRows(loaded.set, scope, split), [loaded, scope, split]);
  const lit = useLitLine(loaded);
  // The cursor takes the patch along, as it does the model's source.
  useEffect(() => {
    if (patchStore.getState().held === store.getState().step) return;
    patchStore.setState({ held: null });
    if (lit !== null && rows.rowOf[lit] !== undefined && rows.rowOf[lit] >= 0) patchStore.setState({ line: lit });
  }, [lit, rows]);
  return (
    <div className="patch">
      <Toolbar loaded={loaded} rows={rows} />
      <div className="patch-body">
        {panel === null ? null : <SidePanel loaded={loaded} panel={panel} />}
        <DiffList loaded={loaded} rows={rows} split={split} lit={lit} />
      </div>
      <LineDetail loaded={loaded} />
    </div>
  );
}

/** The line of the step that is looked at; null when its statement is not in the patch. */
function useLitLine(patch: LoadedPatch): number | null {
  const recording = useLoaded()?.recording;
  const cursor = useStepInTurn('code');
  const frame = useApp((s) => s.frame);
  const step = frame ?? cursor;
  return useMemo(
    () => (recording === undefined ? null : patch.steps.lineOf(recording, step)),
    [patch, recording, step],
  );
}
