import { type ReactNode, lazy } from 'react';
import { type CodeView, store } from '../../session/store.ts';
import { type Tab, Tabs } from '../base/tabs.tsx';
import { useApp } from '../base/use-app.ts';
import { CodePane } from './code-pane.tsx';

// Mails and diffs are for those who review: nobody else loads their reader.
const PatchPane = lazy(async () => ({ default: (await import('../patch/patch-pane.tsx')).PatchPane }));

const TABS: readonly Tab<CodeView>[] = [
  { id: 'model', title: 'Model', hint: 'The code that runs' },
  { id: 'patch', title: 'Patch', hint: 'A series or a diff beside the model (Shift + D)' },
];

/** The model's source, and the patch that is reviewed beside it. */
export function CodeTabs(): ReactNode {
  const view = useApp((s) => s.codeView);
  return (
    <Tabs name="code" label="Source" tabs={TABS} shown={view} onShow={(codeView) => store.setState({ codeView })}>
      {view === 'model' ? <CodePane /> : <PatchPane />}
    </Tabs>
  );
}
