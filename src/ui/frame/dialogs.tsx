import { type ReactNode, Suspense, lazy } from 'react';
import { useApp } from '../base/use-app.ts';

// Each dialog is a chunk of its own: the first load does not wait for them.
const Palette = lazy(async () => ({ default: (await import('../dialogs/palette.tsx')).Palette }));
const Keys = lazy(async () => ({ default: (await import('../dialogs/keys.tsx')).Keys }));
const About = lazy(async () => ({ default: (await import('../dialogs/about.tsx')).About }));
const Scenarios = lazy(async () => ({ default: (await import('../dialogs/scenarios.tsx')).Scenarios }));
const Fixes = lazy(async () => ({ default: (await import('../dialogs/fixes.tsx')).Fixes }));
const Editor = lazy(async () => ({ default: (await import('../editor/editor.tsx')).Editor }));
const WordDialog = lazy(async () => ({ default: (await import('../word/word-dialog.tsx')).WordDialog }));
const ImportDialog = lazy(async () => ({ default: (await import('../dialogs/import-dialog.tsx')).ImportDialog }));
const Tours = lazy(async () => ({ default: (await import('../tour/tours-dialog.tsx')).ToursDialog }));
const Glossary = lazy(async () => ({ default: (await import('../tour/glossary-dialog.tsx')).GlossaryDialog }));
const Notes = lazy(async () => ({ default: (await import('../tour/notes-dialog.tsx')).NotesDialog }));
const Score = lazy(async () => ({ default: (await import('../tour/score-dialog.tsx')).ScoreDialog }));

const Export = lazy(async () => ({ default: (await import('../export/export-dialog.tsx')).ExportDialog }));
const Pictures = lazy(async () => ({ default: (await import('../pictures/pictures-dialog.tsx')).PicturesDialog }));
const Qr = lazy(async () => ({ default: (await import('../qr/qr-dialog.tsx')).QrDialog }));

/** The dialog that is open, if any. */
export function Dialogs(): ReactNode {
  const dialog = useApp((s) => s.dialog);
  if (dialog === null) return null;
  const shown = {
    fixes: Fixes,
    palette: Palette,
    keys: Keys,
    about: About,
    scenarios: Scenarios,
    import: ImportDialog,
    editor: Editor,
    word: WordDialog,
    tours: Tours,
    glossary: Glossary,
    export: Export,
    notes: Notes,
    score: Score,
    pictures: Pictures,
    qr: Qr,
  }[dialog];
  const Shown = shown;
  return (
    <Suspense fallback={null}>
      <Shown />
    </Suspense>
  );
}
