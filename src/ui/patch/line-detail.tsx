import type { ReactNode } from 'react';
import { siteInfo } from '../../machine/sites.ts';
import { coverageByLine } from '../../patch/line-coverage.ts';
import { copyLine, openFirstRun, runToLine } from '../../session/patch/actions.ts';
import { copyLineLink } from '../../session/patch/line-link.ts';
import { runCoverage, stopCoverage } from '../../session/patch/load.ts';
import type { LoadedPatch } from '../../session/patch/state.ts';
import { useKnown } from '../base/use-app.ts';
import { ReachButton } from './reach-button.tsx';
import { usePatch } from './use-patch.ts';

/** What is known of the current line: its statements in the model, who executes it, and ways to get there. */
export function LineDetail({ loaded }: { loaded: LoadedPatch }): ReactNode {
  const line = usePatch((s) => s.line);
  const { set, steps } = loaded;
  const hunk = set.hunks[set.lines.hunk[line] ?? -1];
  const file = set.files[hunk?.file ?? -1];
  const sites = steps.sitesAt(line);
  const message = set.messages[set.lines.message[line] ?? -1];
  const number = set.lines.after[line] || set.lines.before[line] || 0;
  return (
    <section className="patch-detail" aria-label="The current line">
      <p className="patch-where">
        <strong>{file === undefined ? (message?.subject ?? 'no message') : `${file.path}:${number}`}</strong>
        <button type="button" className="button tiny" title="Copy it for a reply (Y)" onClick={() => copyLine(line)}>
          Copy
        </button>
        {file === undefined || file.quoted ? null : (
          <button
            type="button"
            className="button tiny"
            title="Copy a link to this line and step (L); the patch itself is not in it"
            onClick={() => void copyLineLink(line)}
          >
            Link
          </button>
        )}
      </p>
      {sites.length === 0 ? (
        <p className="patch-hint">
          {file === undefined
            ? `Line ${set.lines.number[line] ?? 0} of ${set.inputs[set.lines.source[line] ?? 0] ?? ''}.`
            : 'No statement of the model stands on this line.'}
        </p>
      ) : (
        <Sites loaded={loaded} line={line} sites={sites} />
      )}
    </section>
  );
}

function Sites({ loaded, line, sites }: { loaded: LoadedPatch; line: number; sites: readonly number[] }): ReactNode {
  const known = useKnown();
  const hidden = known !== null && known.hidden !== '';
  const runs = sites.reduce((n, s) => n + (known?.siteCounts[s] ?? 0), 0);
  const alone = loaded.binding.bound.every((b) => !sites.includes(b.site) || b.lines.length === 1);
  return (
    <>
      <p className="patch-sites">
        {sites.map((s) => {
          const { fn, label, text } = siteInfo(s);
          return (
            <span key={s}>
              <code>
                {fn}:{label}
              </code>{' '}
              {text.replace(/\{\w:[^}]*?(\w+)\}/g, '$1')}
            </span>
          );
        })}
      </p>
      <p className="patch-actions">
        <button type="button" className="button small" disabled={runs === 0 && !hidden} onClick={() => runToLine(line)}>
          {runs === 0
            ? `Not executed ${hidden ? 'so far' : 'in this recording'}`
            : alone
              ? `Run to it (${runs} times here, Enter)`
              : 'Run to it (one of several places, Enter)'}
        </button>
        <Library loaded={loaded} line={line} />
        {sites.slice(0, 2).map((s) => {
          const { fn, label } = siteInfo(s);
          const site = `${fn}:${label}`;
          return (
            <ReachButton
              key={s}
              about={site}
              question={{ kind: 'site', site }}
              title={sites.length === 1 ? 'Reach this line: search' : `Reach ${label}: search`}
            />
          );
        })}
      </p>
    </>
  );
}

function Library({ loaded, line }: { loaded: LoadedPatch; line: number }): ReactNode {
  const coverage = usePatch((s) => s.coverage);
  const running = usePatch((s) => s.running);
  if (running !== null)
    return (
      <button type="button" className="button small" onClick={stopCoverage}>
        Stop running the library ({running.done} of {running.total || '…'})
      </button>
    );
  if (coverage === null)
    return (
      <button type="button" className="button small" onClick={() => void runCoverage()}>
        Which scenarios execute it?
      </button>
    );
  const found = coverageByLine(loaded.binding, coverage).find((l) => l.line === line);
  const first = found?.first ?? null;
  if (first === null)
    return <span className="patch-never">∅ executed by none of {coverage.runs.length} runs of the library</span>;
  const name = coverage.runs[first.first] ?? '';
  return (
    <>
      <span>
        executed by {first.runs} of {coverage.runs.length} runs;
      </span>
      <button type="button" className="button small" onClick={() => void openFirstRun(name, first.step)}>
        Open the first: {name}
      </button>
    </>
  );
}
