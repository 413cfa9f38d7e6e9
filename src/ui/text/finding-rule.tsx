import { type ReactNode, useEffect, useState } from 'react';
import { type ScenarioRun, specOfExample } from '../../check/rules/example.ts';
import { ledgerOf, otherWay } from '../../check/rules/ledger-of.ts';
import type { RuleInfo } from '../../check/rules/rule.ts';
import { LEDGER } from '../../scenario/ledger/index.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { record } from '../../session/recorder.ts';

/** What a broken rule is: its statement, its source in the kernel, which defect it comes from, and runs that show it. */
export function FindingRule({ rule, spec }: { readonly rule: RuleInfo; readonly spec: RunSpec }): ReactNode {
  return (
    <section className="rule" aria-label={`Rule ${rule.id}`}>
      <h3>{rule.id}</h3>
      <p>{rule.says}</p>
      <p className="hint">
        {rule.source.where}: {rule.source.says}
      </p>
      <Cause rule={rule.id} spec={spec} />
      <p>
        {rule.broken ? <Example run={rule.broken} text="Open a run that breaks it" /> : null}{' '}
        <Example run={rule.kept} text="Open one that keeps it" />
      </p>
    </section>
  );
}

function Example({ run, text }: { readonly run: ScenarioRun; readonly text: string }): ReactNode {
  return (
    <button type="button" className="link" onClick={() => void record(specOfExample(run))}>
      {text}
    </button>
  );
}

/** Requests of more pages take too long to be tried with every switch. */
const MOST_PAGES = 1024;

type Known = 'not asked' | 'looking' | readonly string[];

/** Which rows of the ledger make the difference; each is tried in a run of its own, one at a time. */
function Cause({ rule, spec }: { readonly rule: string; readonly spec: RunSpec }): ReactNode {
  const [known, setKnown] = useState<Known>('not asked');
  useEffect(() => {
    if (known !== 'looking') return undefined;
    const rows: string[] = [];
    const tries = ledgerOf(spec, rule);
    let timer = 0;
    const next = (): void => {
      const { done, value } = tries.next();
      if (typeof value === 'string') rows.push(value);
      if (done === true) setKnown(rows);
      else timer = window.setTimeout(next);
    };
    timer = window.setTimeout(next);
    return () => window.clearTimeout(timer);
  }, [known, rule, spec]);
  if (spec.scenario.request.end - spec.scenario.request.start > MOST_PAGES) return null;
  if (known === 'not asked')
    return (
      <button type="button" className="link" onClick={() => setKnown('looking')}>
        Which defect of the ledger is it?
      </button>
    );
  if (known === 'looking') return <p role="status">Trying each switch…</p>;
  if (known.length === 0) return <p role="status">No single switch of the ledger makes the difference.</p>;
  return (
    <div role="status">
      <ul>
        {known.map((id) => (
          <li key={id}>
            <b>{id}</b> {LEDGER.find((row) => row.id === id)?.title}{' '}
            <button type="button" className="link" onClick={() => void record(otherWay(spec, id))}>
              run it the other way
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
