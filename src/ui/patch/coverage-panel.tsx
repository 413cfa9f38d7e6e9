import { type ReactNode, useMemo } from 'react';
import { coverageByLine } from '../../patch/line-coverage.ts';
import { codeText } from '../../patch/read/lines.ts';
import { copyCoverage, goToLine } from '../../session/patch/actions.ts';
import { runCoverage, stopCoverage } from '../../session/patch/load.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';
import { usePatch } from './use-patch.ts';

/** Which lines the library executes, and which no scenario of it reaches. */
export function CoveragePanel({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const coverage = usePatch((s) => s.coverage);
  const running = usePatch((s) => s.running);
  const lines = useMemo(() => (coverage === null ? [] : coverageByLine(loaded.binding, coverage)), [loaded, coverage]);
  if (coverage === null)
    return (
      <>
        <p className="patch-hint">
          Every scenario of the library runs through the walk of version 2 on three ways: as a device fault, and through
          migrate_vma_setup() with and without faulting.
        </p>
        {running === null ? (
          <button type="button" className="button small" onClick={() => void runCoverage()}>
            Run the library
          </button>
        ) : (
          <p className="patch-actions">
            <progress max={running.total || 1} value={running.done} aria-label="Runs of the library" />
            <button type="button" className="button small" onClick={stopCoverage}>
              Stop
            </button>
          </p>
        )}
      </>
    );
  const never = lines.filter((l) => l.runs === 0);
  return (
    <>
      <p className="patch-hint">
        {lines.length - never.length} of {lines.length} lines with a modelled statement are executed by{' '}
        {coverage.runs.length} runs.
        {coverage.failed.length > 0 ? ` ${coverage.failed.length} runs could not be made.` : ''}
      </p>
      <button type="button" className="button small" onClick={copyCoverage}>
        Copy as text
      </button>
      <h3>Executed by none ({never.length})</h3>
      <p className="patch-hint">Not a proof: no search over states and schedules was made.</p>
      <ul className="patch-problems">
        {never.map((l) => (
          <li key={l.line}>
            <button type="button" className="link" onClick={() => goToLine(l.line)}>
              ∅ {codeText(loaded.set.lines, l.line).trim().slice(0, 80)}
            </button>
            <span className="hint"> {l.sites.join(', ')}</span>
          </li>
        ))}
      </ul>
      <h3>Executed by few</h3>
      <ul className="patch-problems">
        {lines
          .filter((l) => l.runs > 0 && l.runs <= 3)
          .map((l) => (
            <li key={l.line}>
              <button type="button" className="link" onClick={() => goToLine(l.line)}>
                {l.runs}× {codeText(loaded.set.lines, l.line).trim().slice(0, 80)}
              </button>
              <span className="hint"> first: {coverage.runs[l.first?.first ?? -1]}</span>
            </li>
          ))}
      </ul>
    </>
  );
}
