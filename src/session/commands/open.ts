import type { PaneId } from '../../tour/panes.ts';
import { type Command, ready } from '../command.ts';
import { openDialog } from '../dialog.ts';
import { copyLink } from '../link-sync.ts';
import { showCode } from '../panes.ts';
import { cancelJob } from '../recorder.ts';
import { store } from '../store.ts';

/** The panes that make room for a patch over the whole width. */
const BESIDE_PATCH: readonly PaneId[] = ['stage', 'pfns', 'text'];

function patchWide(): void {
  const { codeView, closed } = store.getState();
  const isWide = codeView === 'patch' && closed.has('stage');
  store.setState({ codeView: 'patch', closed: new Set(isWide ? [] : BESIDE_PATCH) });
}

export const OPEN: readonly Command[] = [
  { id: 'palette', title: 'All commands', group: 'Open', keys: ['Mod+k'], run: () => openDialog('palette') },
  { id: 'scenarios', title: 'Choose a scenario', group: 'Open', keys: ['c'], run: () => openDialog('scenarios') },
  {
    id: 'import',
    title: 'Import a scenario, a recording, a capture or a mail',
    group: 'Open',
    keys: ['i'],
    run: () => openDialog('import'),
  },
  {
    id: 'editor',
    title: 'Edit the memory and the request',
    group: 'Open',
    keys: ['e'],
    run: () => openDialog('editor'),
  },
  { id: 'word', title: 'Explain a 64-bit word', group: 'Open', keys: ['Shift+w'], run: () => openDialog('word') },
  {
    id: 'patch',
    title: 'Review a patch beside the model',
    group: 'Open',
    keys: ['Shift+d'],
    run: () => showCode(store.getState().codeView === 'patch' ? 'model' : 'patch'),
  },
  {
    id: 'patch-wide',
    title: 'Patch: over the whole width, or beside the stage',
    group: 'Open',
    keys: ['Shift+u'],
    run: patchWide,
  },
  { id: 'fixes', title: 'Fix switches', group: 'Open', keys: ['w'], when: ready, run: () => openDialog('fixes') },
  { id: 'keys', title: 'Keys', group: 'Open', keys: ['?'], run: () => openDialog('keys') },
  { id: 'about', title: 'About the model', group: 'Open', keys: ['a'], run: () => openDialog('about') },
  {
    id: 'copy-link',
    title: 'Copy a link to this step',
    group: 'Open',
    keys: ['y'],
    when: ready,
    run: () => void copyLink(),
  },
  {
    id: 'export',
    title: 'Export: mail, Markdown, recording, trace, counters, tour',
    group: 'Open',
    keys: ['Shift+e'],
    when: ready,
    run: () => openDialog('export'),
  },
  {
    id: 'qr',
    title: 'This step as a QR code',
    group: 'Open',
    keys: ['Shift+y'],
    when: ready,
    run: () => openDialog('qr'),
  },
  {
    id: 'pictures',
    title: 'Pictures of the stage: SVG, PNG, storyboard, animated image',
    group: 'Open',
    keys: ['Shift+i'],
    when: ready,
    run: () => openDialog('pictures'),
  },
  {
    id: 'cancel',
    title: 'Stop recording',
    group: 'Open',
    keys: ['Escape'],
    when: (s) => s.job !== null,
    run: cancelJob,
  },
];
