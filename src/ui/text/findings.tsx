import { type ReactNode, useMemo } from 'react';
import { candidateOf } from '../../check/rules/candidates.ts';
import { allFindings } from '../../check/rules/findings.ts';
import { ruleById } from '../../check/rules/index.ts';
import { lockdepReport } from '../../check/rules/lockdep-report.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { stepLine } from '../../recording/narrate.ts';
import { type RuleFinding, ruleFindingText } from '../../recording/rule-findings.ts';
import type { Recording } from '../../recording/recording.ts';
import { goTo } from '../../session/player.ts';
import { Hidden } from '../base/hidden.tsx';
import { useKnown, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Scroll } from '../base/scroll.tsx';
import { FindingRule } from './finding-rule.tsx';

const ENDS = {
  returned: 'The call returned.',
  blocked: 'The run ended because an actor waits for ever.',
  livelock: 'The run ended in a loop that never makes progress.',
  bug: 'The run ended because the kernel stopped (BUG).',
  limit: 'The recording was cut off at its limit of steps.',
} as const;

/** Findings listed at most. */
const MOST = 500;

/** Broken rules: each with its step, what it says of this run, and what the rule is. */
export function Findings(): ReactNode {
  const loaded = useLoaded();
  const known = useKnown();
  const step = useStepInTurn('text');
  if (loaded === null || known === null) return <p className="empty">The findings appear with the recording.</p>;
  const rec = loaded.recording;
  const isHidden = known.hidden !== '';
  const found = allFindings(rec).filter((f) => f.step < known.length);
  const rules = [...new Set(found.map((f) => f.rule))];
  return (
    <Scroll className="scroll" label="Findings">
      {isHidden ? <Hidden what="What comes" /> : <p className="hint">{ENDS[rec.end]}</p>}
      {found.length === 0 ? (
        <p className="empty">No rule of the catalogue is broken {isHidden ? 'up to here' : 'in this run'}.</p>
      ) : null}
      <ol className="findings">
        {found.slice(0, MOST).map((f, i) => (
          <li key={`${f.step} ${f.rule} ${i}`} className={f.step === step ? 'finding here' : 'finding'}>
            <button
              type="button"
              className="link"
              aria-current={f.step === step ? 'step' : undefined}
              onClick={() => goTo(f.step)}
            >
              step {f.step + 1}
            </button>
            <div>
              <b>{f.rule}</b> in {functionOfSite(f.site).name}(), {rec.actors[f.actor] ?? `actor ${f.actor}`}
              <p>{said(rec, f)}</p>
              <Candidate finding={f} fixed={loaded.spec.revision === 'fixed'} />
              <Lockdep rec={rec} finding={f} />
            </div>
          </li>
        ))}
      </ol>
      {found.length > MOST ? <p className="hint">and {found.length - MOST} more</p> : null}
      {rules.map((id) => {
        const rule = ruleById(id);
        return rule === undefined ? null : <FindingRule key={id} rule={rule} spec={loaded.spec} />;
      })}
    </Scroll>
  );
}

/** What the finding says of this run. */
const said = (rec: Recording, f: RuleFinding): string =>
  f.text === '' ? stepLine(rec, f.step) : `${ruleFindingText(rec, f)}. ${stepLine(rec, f.step)}`;

/** On the mended kernel a finding may be one that nobody has reported. */
function Candidate({ finding, fixed }: { readonly finding: RuleFinding; readonly fixed: boolean }): ReactNode {
  const candidate = fixed ? candidateOf(finding) : undefined;
  if (candidate === undefined) return null;
  return (
    <details>
      <summary>
        {candidate.id}, perhaps a defect that nobody has reported: {candidate.title}
      </summary>
      <p>{candidate.argument}</p>
    </details>
  );
}

/** The report in lockdep's form, folded away. */
function Lockdep({ rec, finding }: { readonly rec: Recording; readonly finding: RuleFinding }): ReactNode {
  const report = useMemo(() => lockdepReport(rec, finding), [rec, finding]);
  if (report === undefined) return null;
  return (
    <details>
      <summary>as lockdep would say it</summary>
      <pre className="report">{report}</pre>
    </details>
  );
}
