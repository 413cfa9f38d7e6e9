/**
 * npm run bench [-- --json] [-- --only engine,seek,search,conform,size,ui,patch] [-- --dist dir]: measures on this computer, as it
 * is now; `--dist` names another build for the rows of the page, so that two builds can be measured in turn.
 * Ratios are taken within one run; compare times only with times of the same computer.
 */
import { parseArgs } from 'node:util';
import { engineRows } from './engine.ts';
import { conformRows, sizeRows } from './files.ts';
import type { Row } from './measure.ts';
import { patchRows } from './patch.ts';
import { searchRows } from './search.ts';
import { seekRows } from './seek.ts';
import { uiRows } from './ui.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    dist: { type: 'string', default: 'dist' },
  },
});
const PARTS: Readonly<Record<string, () => readonly Row[] | Promise<readonly Row[]>>> = {
  engine: engineRows,
  seek: seekRows,
  search: searchRows,
  conform: conformRows,
  size: sizeRows,
  ui: () => uiRows(values.dist),
  patch: () => patchRows(values.dist),
};

const wanted = values.only?.split(',') ?? Object.keys(PARTS);
const rows: Row[] = [];
for (const name of wanted) {
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (!part) {
    console.error(`--only ${name}: expected ${Object.keys(PARTS).join(', ')}`);
    process.exit(2);
  }
  for (const row of await part()) {
    rows.push(row);
    if (!values.json) console.log(`${row.name.padEnd(30)} ${rounded(row.value).padStart(14)} ${row.unit}`);
  }
}
if (values.json)
  console.log(
    JSON.stringify(
      rows.map((row) => ({ ...row, value: Number(rounded(row.value)) })),
      null,
      1,
    ),
  );

/** Four digits that matter. */
function rounded(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
