import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import { costLines } from '../../recording/cost.ts';
import { countersAt } from '../../recording/counters.ts';
import { weights as weightStore } from '../../session/weights.ts';
import { Do } from '../base/do.tsx';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { cyclesText, sumOf } from './cycles.ts';
import './cost.css';

/** The estimate up to the cursor and in all, in one line under the counters; it opens the model behind it. */
export function CyclesLine(): ReactNode {
  const rec = useLoaded()?.recording;
  const step = useStepInTurn('counters');
  const weights = useStore(weightStore, (s) => s.weights);
  const all = useMemo(
    () => (rec === undefined ? 0 : sumOf(costLines(countersAt(rec, rec.length - 1), weights))),
    [rec, weights],
  );
  const hidden = useApp((s) => s.veil !== null);
  if (rec === undefined) return null;
  const here = sumOf(costLines(countersAt(rec, step), weights));
  return (
    <p className="cycles-line">
      <Do id="tab-cost" className="link">
        Estimated cycles
      </Do>
      <span>
        {cyclesText(here)} <span className="hint">of {hidden ? '?' : cyclesText(all)}</span>
      </span>
    </p>
  );
}
