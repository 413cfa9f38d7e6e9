import { store } from './store.ts';

const say = (notice: string): void => store.setState({ notice });

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission, or no clipboard at all.
    return false;
  }
}

/** Copies a text and says so, or that it cannot be. @param what as a sentence says it: "The line" */
export async function copyText(text: string, what: string): Promise<void> {
  say((await toClipboard(text)) ? `${what} copied.` : 'The browser does not let this page copy.');
}

/** Copies an address of this page; where the browser does not let it, the address bar holds it then. */
export async function copyAddress(address: string, what = 'Link'): Promise<void> {
  if (await toClipboard(address)) return say(`${what} copied.`);
  history.replaceState(null, '', address);
  say('The link is in the address bar.');
}
