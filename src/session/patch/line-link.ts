import { findLinked, lineLink } from '../../patch/line-link.ts';
import { addressAt } from '../address.ts';
import { copyText } from '../clipboard.ts';
import { engine } from '../engine.ts';
import { showCode } from '../panes.ts';
import { loaded } from '../player.ts';
import { store } from '../store.ts';
import { patchStore } from './state.ts';

/** Characters of a view at most (scenario/link.ts). */
const MOST_VIEW = 200;

/** The address of the run on the screen with a line of the patch; undefined for what is no line of a posted diff. */
export async function lineAddress(line: number): Promise<string | undefined> {
  const { spec, step } = store.getState();
  const set = patchStore.getState().loaded?.set;
  const about = set === undefined ? undefined : lineLink(set, line);
  if (spec === null || about === undefined) return undefined;
  const { encodeLink, viewText } = await engine();
  const looks = viewText(store.getState(), loaded()?.recording.length ?? 0);
  const both = looks === undefined ? about : `${looks},${about}`;
  return encodeLink({ spec, step, view: both.length <= MOST_VIEW ? both : about });
}

/** Copies a link to a line. The patch is not in it: who opens the link loads it. */
export async function copyLineLink(line: number): Promise<void> {
  const fragment = await lineAddress(line);
  if (fragment === undefined) store.setState({ notice: 'Only lines of a posted diff have a link.' });
  else await copyText(addressAt(fragment), 'Link to the line, without the patch itself,');
}

/** Opens the line that a link's view names; where its patch is not loaded, says which one to load and waits for it. */
export function openLineLink(view: string): void {
  const found = findLinked(patchStore.getState().loaded?.set ?? null, view);
  if (found === undefined) return;
  showCode('patch');
  if ('line' in found) {
    const { step } = store.getState();
    patchStore.setState({ line: found.line, held: step, wanted: null, opening: false, problem: null });
    return;
  }
  const details = found.loaded
    ? [`It is to a line of ${found.patch}; what is loaded under that name has no such line.`]
    : [`It is to a line of ${found.patch}. Load that here: a link never holds a patch.`];
  patchStore.setState({
    wanted: view,
    opening: true,
    problem: { title: 'The line of this link is not loaded', details },
  });
}
