import { type FormEvent, type ReactNode, useId } from 'react';
import { useStore } from 'zustand';
import type { Question } from '../../check/explorer/question.ts';
import { ALL_RULES } from '../../check/rules/index.ts';
import { allSites } from '../../machine/sites.ts';
import type { Revision } from '../../scenario/types.ts';
import { MOST_WORKERS, type SearchForm, type SearchState, searchStore } from '../../session/search/state.ts';
import { resumeSearch, startSearch, stopSearch } from '../../session/search/search.ts';
import { Scroll } from '../base/scroll.tsx';
import { Figures } from './figures.tsx';
import { Hits } from './hits.tsx';
import './search.css';

const KINDS: readonly (readonly [Question['kind'], string])[] = [
  ['rule', 'break a rule'],
  ['site', 'reach a statement'],
  ['differ', 'end differently on another text'],
  ['restarts', 'make a walk begin anew'],
];
const REVISIONS: readonly Revision[] = ['v2', 'v7', 'fixed', 'rfc'];
const BOUNDS = [0, 1, 2, 3, 4];

const setForm = (form: Partial<SearchForm>): void => searchStore.setState((s) => ({ form: { ...s.form, ...form } }));

/** The search over small scenarios and schedules: the question, how it goes, what it has found. */
export function SearchPane(): ReactNode {
  const state = useStore(searchStore);
  return (
    <Scroll className="scroll search" label="Search">
      <Form state={state} />
      {state.error === null ? null : <p className="search-error">The search ended early: {state.error}</p>}
      {state.asked === null ? null : <Figures state={state} />}
      <Hits found={state.found} />
      <p className="hint">
        Is there any memory, and any order in which several actors run, in which …? Every small scenario and every
        schedule up to a bound is tried, smallest first. None found means none within the bound.
      </p>
    </Scroll>
  );
}

function Form({ state }: { state: SearchState }): ReactNode {
  const id = useId();
  const { form, running, progress } = state;
  const { question } = form;
  const submit = (e: FormEvent): void => {
    e.preventDefault();
    if (running) stopSearch();
    else startSearch();
  };
  const stopped = !running && state.asked !== null && progress !== null && !progress.complete && state.error === null;
  return (
    <form className="search-form" data-own-keys="" onSubmit={submit}>
      <label htmlFor={`${id}k`}>Find a run to</label>
      <select id={`${id}k`} value={question.kind} onChange={(e) => setForm({ question: plain(e.target.value) })}>
        {KINDS.map(([kind, title]) => (
          <option key={kind} value={kind}>
            {title}
          </option>
        ))}
      </select>
      <Detail id={id} question={question} />
      <label htmlFor={`${id}r`}>in the text</label>
      <select
        id={`${id}r`}
        value={form.revision}
        onChange={(e) => setForm({ revision: REVISIONS.find((r) => r === e.target.value) ?? 'v2' })}
      >
        {REVISIONS.map((r) => (
          <option key={r}>{r}</option>
        ))}
      </select>
      <label htmlFor={`${id}b`}>up to bound</label>
      <select id={`${id}b`} value={form.bound} onChange={(e) => setForm({ bound: Number(e.target.value) })}>
        {BOUNDS.map((b) => (
          <option key={b}>{b}</option>
        ))}
      </select>
      <label htmlFor={`${id}w`}>by workers</label>
      <select id={`${id}w`} value={form.workers} onChange={(e) => setForm({ workers: Number(e.target.value) })}>
        {Array.from({ length: MOST_WORKERS }, (_, i) => (
          <option key={i}>{i + 1}</option>
        ))}
      </select>
      <div className="search-buttons">
        <button type="submit" className="button">
          {running ? 'Stop' : 'Search'}
        </button>
        {stopped ? (
          <button type="button" className="button" onClick={resumeSearch}>
            Go on
          </button>
        ) : null}
      </div>
    </form>
  );
}

/** The question of a kind, before anything is filled in. */
function plain(kind: string): Question {
  if (kind === 'site') return { kind, site: 'hmm_vma_walk_pmd:absentFailed' };
  if (kind === 'differ') return { kind, revision: 'fixed', fixes: [] };
  return kind === 'restarts' ? { kind, more: 2 } : { kind: 'rule', rule: 'all' };
}

function Detail({ id, question }: { id: string; question: Question }): ReactNode {
  const at = `${id}d`;
  switch (question.kind) {
    case 'rule':
      return (
        <>
          <label htmlFor={at}>rule</label>
          <select
            id={at}
            value={question.rule}
            onChange={(e) => setForm({ question: { kind: 'rule', rule: e.target.value } })}
          >
            <option value="all">any</option>
            {ALL_RULES.map((r) => (
              <option key={r.id} title={r.says}>
                {r.id}
              </option>
            ))}
          </select>
        </>
      );
    case 'site':
      return (
        <>
          <label htmlFor={at}>statement</label>
          <input
            id={at}
            list={`${id}s`}
            value={question.site}
            spellCheck={false}
            onChange={(e) => setForm({ question: { kind: 'site', site: e.target.value } })}
          />
          <datalist id={`${id}s`}>
            {allSites().map((s) => (
              <option key={s.id}>{`${s.fn}:${s.label}`}</option>
            ))}
          </datalist>
        </>
      );
    case 'differ':
      return (
        <>
          <label htmlFor={at}>than on</label>
          <select
            id={at}
            value={question.revision}
            onChange={(e) =>
              setForm({
                question: {
                  kind: 'differ',
                  revision: REVISIONS.find((r) => r === e.target.value) ?? 'fixed',
                  fixes: [],
                },
              })
            }
          >
            {REVISIONS.map((r) => (
              <option key={r}>{r}</option>
            ))}
          </select>
        </>
      );
    case 'restarts':
      return (
        <>
          <label htmlFor={at}>more often than</label>
          <input
            id={at}
            type="number"
            min={0}
            max={1000}
            value={question.more}
            onChange={(e) =>
              setForm({ question: { kind: 'restarts', more: Math.max(0, Math.trunc(Number(e.target.value)) || 0) } })
            }
          />
        </>
      );
    default:
      return question satisfies never;
  }
}
