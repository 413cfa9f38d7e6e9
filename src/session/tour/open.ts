import { parseTour } from '../../tour/parse.ts';
import { problemLines } from '../problem-lines.ts';
import { store } from '../store.ts';
import { decodeTour } from './link.ts';
import { openTour } from './player.ts';

/** Tours above this size are refused before they are read. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Opens the tour that a fragment names; what is wrong with it is said, and everything stays as it was. */
export async function openTourLink(fragment: string): Promise<void> {
  const read = await decodeTour(fragment);
  if (read.error === undefined) return openTour(read.ok.tour, read.ok.stop, read.ok.ships);
  store.setState({ problem: { title: 'This link cannot be opened', details: problemLines(read.error) } });
}

/** Opens a tour from a file. @returns whether it is open */
export async function openTourFile(file: File): Promise<boolean> {
  if (file.size > MOST_BYTES) return refuse(`${file.name} is too large`, ['Tours of up to 4 MiB can be read.']);
  let text: string;
  try {
    text = await file.text();
  } catch (error) {
    return refuse(`${file.name} cannot be read`, [error instanceof Error ? error.message : String(error)]);
  }
  return openTourText(text, file.name);
}

/** Opens a tour from JSON text; `name` is what messages call it. @returns whether it is open */
export async function openTourText(text: string, name: string): Promise<boolean> {
  const read = parseTour(text);
  if (read.error !== undefined)
    return refuse(`${name} is not a tour that can be played`, problemLines(read.error).slice(0, 12));
  await openTour(read.ok);
  return true;
}

function refuse(title: string, details: readonly string[]): false {
  store.setState({ problem: { title, details } });
  return false;
}
