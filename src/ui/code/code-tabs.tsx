import { type KeyboardEvent, type ReactNode, Suspense, lazy } from 'react';
import { type CodeView, store } from '../../session/store.ts';
import { useApp } from '../base/use-app.ts';
import { CodePane } from './code-pane.tsx';

// Mails and diffs are for those who review: nobody else loads their reader.
const PatchPane = lazy(async () => ({ default: (await import('../patch/patch-pane.tsx')).PatchPane }));

const TABS: readonly (readonly [CodeView, string])[] = [
  ['model', 'Model'],
  ['patch', 'Patch'],
];

/** The model's source, and the patch that is reviewed beside it. */
export function CodeTabs(): ReactNode {
  const view = useApp((s) => s.codeView);
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key !== 'ArrowRight' && e.key !== 'ArrowLeft') return;
    e.preventDefault();
    e.stopPropagation();
    const next: CodeView = view === 'model' ? 'patch' : 'model';
    store.setState({ codeView: next });
    document.getElementById(`code-tab-${next}`)?.focus();
  };
  return (
    <div className="tabbed">
      <div className="tabs" role="tablist" aria-label="Source" data-own-keys="" onKeyDown={onKeyDown}>
        {TABS.map(([t, title]) => (
          <button
            key={t}
            id={`code-tab-${t}`}
            type="button"
            role="tab"
            aria-selected={t === view}
            aria-controls="code-panel"
            tabIndex={t === view ? 0 : -1}
            title={t === 'patch' ? 'A series or a diff beside the model (Shift + D)' : 'The code that runs'}
            onClick={() => store.setState({ codeView: t })}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="code-panel" className="tab-panel" role="tabpanel" aria-labelledby={`code-tab-${view}`}>
        {view === 'model' ? (
          <CodePane />
        ) : (
          <Suspense fallback={<p className="empty">Loading …</p>}>
            <PatchPane />
          </Suspense>
        )}
      </div>
    </div>
  );
}
