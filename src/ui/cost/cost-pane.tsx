import { type ReactNode, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { type CostLine, DEFAULT_WEIGHTS, WEIGHT_SOURCES, costLines, parseCycles } from '../../recording/cost.ts';
import { countersAt } from '../../recording/counters.ts';
import { resetWeights, setWeight, weights as weightStore } from '../../session/weights.ts';
import { Hidden } from '../base/hidden.tsx';
import { Scroll } from '../base/scroll.tsx';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { cyclesText, sumOf } from './cycles.ts';
import './cost.css';

/** The cost model: every counter, its weight, and what they come to at the cursor and in the whole run. */
export function CostPane(): ReactNode {
  const rec = useLoaded()?.recording;
  const step = useStepInTurn('text');
  const weights = useStore(weightStore, (s) => s.weights);
  // Another key brings fresh fields, without what was typed.
  const [resets, setResets] = useState(0);
  const all = useMemo(
    () => (rec === undefined ? null : costLines(countersAt(rec, rec.length - 1), weights)),
    [rec, weights],
  );
  const hidden = useApp((s) => s.veil !== null);
  if (rec === undefined || all === null) return <p className="empty">The estimate appears with the recording.</p>;
  const here = costLines(countersAt(rec, step), weights);
  const posted = (lines: readonly CostLine[]): readonly CostLine[] => lines.filter((l) => l.source === 'posting');
  return (
    <Scroll className="scroll cost" label="Estimated cost">
      <p>
        <b>An estimate, not a measurement.</b> The counts are exact for the model. Of the weights only one is a figure
        of the postings: “over 1000 cycles” for a walk, in the cover letter of v5, a lower bound. Every other weight is
        an illustration of the usual order of magnitude, to be changed here.
      </p>
      <table className="plain cost-table">
        <caption className="visually-hidden">Estimated cycles up to step {step + 1} and in all</caption>
        <thead>
          <tr>
            <th scope="col">counter, and where its weight comes from</th>
            <th scope="col">cycles each</th>
            <th scope="col">count here</th>
            <th scope="col">count in all</th>
            <th scope="col">cycles here</th>
            <th scope="col">cycles in all</th>
          </tr>
        </thead>
        <tbody key={resets}>
          {here.map((line, i) => (
            <Row key={line.id} line={line} all={hidden ? null : (all[i] as CostLine)} />
          ))}
        </tbody>
        <tfoot>
          <Sum title="All" here={sumOf(here)} all={hidden ? null : sumOf(all)} says="" />
          <Sum
            title="of which posted"
            here={sumOf(posted(here))}
            all={hidden ? null : sumOf(posted(all))}
            says="rests on the figure of the postings"
          />
        </tfoot>
      </table>
      <Hidden what="What the whole run comes to" />
      <p className="cost-foot">
        <button
          type="button"
          className="button small"
          onClick={() => {
            resetWeights();
            setResets((n) => n + 1);
          }}
        >
          All weights as they were
        </button>
        <span className="hint">
          What is not counted costs nothing: user code, the device’s own work, cache misses, time spent waiting.
        </span>
      </p>
    </Scroll>
  );
}

/** @param all of the whole run; null = must not be seen yet */
function Row({ line, all }: { line: CostLine; all: CostLine | null }): ReactNode {
  return (
    <tr className={(all ?? line).count === 0 ? 'cost-never' : undefined}>
      <th scope="row" className={`cost-${line.source}`}>
        {line.title}
        <span className="cost-from">
          <b>{WEIGHT_SOURCES[line.source]}</b>: {line.says}
        </span>
      </th>
      <td>
        <WeightField line={line} />
      </td>
      <td>{line.count}</td>
      <td>{all === null ? '?' : all.count}</td>
      <td>{cyclesText(line.cycles)}</td>
      <td>{all === null ? '?' : cyclesText(all.cycles)}</td>
    </tr>
  );
}

function Sum({ title, here, all, says }: { title: string; here: number; all: number | null; says: string }): ReactNode {
  return (
    <tr>
      <th scope="row" colSpan={4}>
        {title}
        {says === '' ? null : <span className="cost-from">{says}</span>}
      </th>
      <td>{cyclesText(here)}</td>
      <td>{all === null ? '?' : cyclesText(all)}</td>
    </tr>
  );
}

/** A weight to be typed. What is no number stays in the field, with what was expected, and changes nothing. */
function WeightField({ line }: { line: CostLine }): ReactNode {
  const [text, setText] = useState(String(line.each));
  const bad = parseCycles(text) === undefined;
  const error = `cost-error-${line.id}`;
  return (
    <>
      <input
        className="field small"
        inputMode="decimal"
        size={7}
        aria-label={`Cycles for each of: ${line.title}`}
        aria-invalid={bad}
        aria-describedby={bad ? error : undefined}
        value={text}
        onChange={(e) => {
          const now = e.target.value;
          setText(now);
          const cycles = parseCycles(now);
          if (cycles !== undefined) setWeight(line.id, cycles === DEFAULT_WEIGHTS[line.id].cycles ? undefined : cycles);
        }}
      />
      {bad ? (
        <span id={error} className="cost-error" role="alert">
          {line.title}: expected cycles from 0 to 999999999, such as 1000; still {line.each}
        </span>
      ) : null}
    </>
  );
}
