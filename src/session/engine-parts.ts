export { runScenario } from '../recording/run.ts';
export { LIBRARY } from '../scenario/library/index.ts';
export { decodeLink, encodeLink, shortLink } from '../scenario/link.ts';
export { readView, viewText } from './view.ts';
