import * as v from 'valibot';
import { importText } from './import.ts';
import { store } from './store.ts';

/** Where the captures that ship lie, from the page's own address. */
const FOLDER = 'capture/samples/';

const Index = v.object({
  format: v.literal('walkscope-capture-samples'),
  samples: v.array(v.object({ file: v.string(), title: v.string(), made: v.string(), look: v.array(v.string()) })),
});

/** A capture of a real process that ships with the page. */
export type Sample = v.InferOutput<typeof Index>['samples'][number];

/** The single-file build holds what ships with the page in script elements that are not run. */
async function read(file: string): Promise<string> {
  const inside = document.querySelector(`script[data-ships="${CSS.escape(FOLDER + file)}"]`);
  if (inside !== null) return inside.textContent;
  const answer = await fetch(new URL(FOLDER + file, document.baseURI));
  if (!answer.ok) throw new Error(`${file} cannot be had: ${answer.status}`);
  return answer.text();
}

/** The captures that ship; none when they are not there (the page alone, saved from a browser). */
export async function samples(): Promise<readonly Sample[]> {
  try {
    const parsed = v.safeParse(Index, JSON.parse(await read('index.json')));
    return parsed.success ? parsed.output.samples : [];
  } catch {
    return [];
  }
}

/** Opens a capture that ships. */
export async function openSample(sample: Sample): Promise<boolean> {
  try {
    return await importText(await read(sample.file), sample.title);
  } catch (error) {
    store.setState({ problem: { title: `“${sample.title}” cannot be opened`, details: [String(error)] } });
    return false;
  }
}
