import type { ReactNode } from 'react';
import type { Scenario } from '../../scenario/types.ts';

/** A scenario in words. */
export function ScenarioText({ scenario }: { scenario: Scenario }): ReactNode {
  const { request } = scenario;
  return (
    <div className="scenario-text">
      <h3>{scenario.title}</h3>
      {scenario.about === undefined ? null : <p>{scenario.about}</p>}
      {scenario.look === undefined || scenario.look.length === 0 ? null : (
        <>
          <h4>What to look at</h4>
          <ol>
            {scenario.look.map((l) => (
              <li key={l}>{l}</li>
            ))}
          </ol>
        </>
      )}
      <dl className="facts">
        <dt>Request</dt>
        <dd>
          {request.end - request.start} pages from page {request.start}, device {request.device}
          {request.fault ? ', fault' : ''}
          {request.write ? ', write' : ''}
          {request.select.length > 0 ? `, select ${request.select.join(' ')}` : ''}
        </dd>
        <dt>Memory</dt>
        <dd>
          {scenario.vmas.length} {scenario.vmas.length === 1 ? 'VMA' : 'VMAs'}, {scenario.entries.length} stretches of
          entries, base {scenario.base}
        </dd>
        {scenario.source === undefined || scenario.source.length === 0 ? null : (
          <>
            <dt>Source</dt>
            <dd>{scenario.source.join(', ')}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
