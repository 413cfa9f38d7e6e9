import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { bindSites } from '../../src/patch/anchor/bind.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import { SERIES } from '../support/patch-fixture.ts';
import { fuzzedPosting } from '../support/patch-fuzz.ts';
import { holdsTogether } from '../support/patch-whole.ts';

/**
 * 10,000 damaged variants of real postings (`../shared/seeds`, or a folder given as argument) and of our own series: none
 * may throw, hang, or lose a line. `tsx test/deep/patch.ts [runs] [folder]`.
 */
const runs = Number(process.argv[2] ?? 10_000);
const folder = process.argv[3] ?? '../shared/seeds';
/** Processor time that one variant may take; the slowest real posting takes a tenth of it. */
const TOO_LONG_MS = 5000;

const postings = existsSync(folder) ? readdirSync(folder).map((f) => readFileSync(`${folder}/${f}`, 'utf8')) : [];
let done = 0;
let slowest = 0;

await fc.assert(
  fc.asyncProperty(fuzzedPosting([...postings, SERIES]), async (text) => {
    const started = process.cpuUsage();
    const set = await readPatches([{ name: 'fuzzed', content: text }]);
    bindSites(set);
    const used = process.cpuUsage(started);
    const took = (used.user + used.system) / 1000;
    slowest = Math.max(slowest, took);
    if (took > TOO_LONG_MS) throw new Error(`${Math.round(took)} ms for ${text.length} characters`);
    holdsTogether(text, set);
    if (++done % 1000 === 0) process.stdout.write(`${done} variants\n`);
  }),
  { numRuns: runs, endOnFailure: true },
);
process.stdout.write(
  `${done} variants of ${postings.length + 1} postings: none threw or lost a line; the slowest took ${Math.round(slowest)} ms\n`,
);
