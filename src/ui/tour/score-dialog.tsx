import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { predictStore } from '../../session/tour/predict-state.ts';
import { clearSheet } from '../../session/tour/standing.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';
import { Markdown } from './markdown.tsx';
import './tour.css';
import './print.css';

/** What was answered since the page was opened. It stays in this page; it can be printed. */
export function ScoreDialog(): ReactNode {
  const sheet = useStore(predictStore, (s) => s.sheet);
  const seed = useStore(predictStore, (s) => s.seed);
  const right = sheet.filter((s) => s.isRight).length;
  return (
    <Dialog title="Score sheet" wide>
      <Scroll className="printed" label="Answers">
        <h3 className="print-only">Walkscope score sheet</h3>
        <p className="print-only score-name">Name:</p>
        <p>
          {sheet.length === 0
            ? 'Nothing has been answered yet.'
            : `${right} of ${sheet.length} right${seed === '' ? '' : `, set “${seed}”`}.`}
        </p>
        {sheet.length === 0 ? null : (
          <table className="md-table score">
            <thead>
              <tr>
                <th scope="col">Question</th>
                <th scope="col">Your answer</th>
                <th scope="col">Right answer</th>
              </tr>
            </thead>
            <tbody>
              {sheet.map((s, i) => (
                // oxlint-disable-next-line react/no-array-index-key -- lines are only added
                <tr key={i}>
                  <td>
                    <Markdown text={s.text} plain />
                    <span className="hint">
                      {s.scenario}, step {s.step + 1}
                      {s.seen ? ', answered after looking' : ''}
                    </span>
                  </td>
                  <td>
                    <span className={s.isRight ? 'good' : 'bad'}>{s.isRight ? 'right' : 'wrong'}</span>{' '}
                    <Markdown text={s.given} plain />
                    {s.hands === null ? null : (
                      <span className="hint">
                        most hands of a hall; {s.hands[0]} of {s.hands[1]} were right
                      </span>
                    )}
                  </td>
                  <td>
                    <Markdown text={s.right} plain />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Scroll>
      <p className="dialog-foot">
        <button type="button" className="button primary" disabled={sheet.length === 0} onClick={() => window.print()}>
          Print
        </button>
        <button type="button" className="button" disabled={sheet.length === 0} onClick={clearSheet}>
          Forget all answers
        </button>
      </p>
    </Dialog>
  );
}
