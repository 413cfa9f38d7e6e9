import { loaded } from './player.ts';
import { store } from './store.ts';

/** Sets a breakpoint at each of the sites, or takes them away when the first has one. */
export function breakAt(sites: readonly number[]): void {
  const now = new Set(store.getState().breakpoints);
  const had = sites[0] !== undefined && now.has(sites[0]);
  for (const s of sites)
    if (had) now.delete(s);
    else now.add(s);
  store.setState({ breakpoints: now, notice: had ? 'Breakpoint removed.' : 'Breakpoint set.' });
}

/** Sets or takes away the breakpoint at the site of the cursor. */
export function breakHere(): void {
  const site = loaded()?.recording.machine.log.site[store.getState().step];
  if (site !== undefined) breakAt([site]);
}
