import { existsSync, statSync } from 'node:fs';
import { conform } from '../../src/recording/conform/conform.ts';
import { parseGolden } from '../../src/recording/conform/golden-format.ts';
import { readArchive } from '../../scripts/measured.ts';
import { firstLoadBytes, measureBuild } from '../../scripts/size.ts';
import { type Row, time } from './measure.ts';

/** Where `npm run build` and `npm run build:single` leave their results. */
const BUILD = 'dist';
const SINGLE = 'dist-single/index.html';

/** Measured runs of kernel v2 per second that are read, run on the engine and compared. */
export function conformRows(): Row[] {
  const files = readArchive().filter(({ name }) => name.includes('__v2__'));
  const ms = time(() => {
    for (const { text } of files) conform(parseGolden(text));
  });
  return [{ name: 'conform.files_per_s', value: files.length / (ms / 1000), unit: 'files/s' }];
}

/** Bytes of the builds that are there. */
export function sizeRows(): Row[] {
  const rows: Row[] = [];
  if (existsSync(`${BUILD}/index.html`))
    rows.push({ name: 'load.first_gz_kb', value: firstLoadBytes(measureBuild(BUILD)) / 1000, unit: 'kB' });
  if (existsSync(SINGLE)) rows.push({ name: 'single_file.bytes', value: statSync(SINGLE).size, unit: 'B' });
  return rows;
}
