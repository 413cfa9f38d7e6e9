import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * The archive of measured runs that the tests use: one line of JSON for each file, `[name, content]`, compressed.
 *
 *   tsx scripts/measured.ts pack <dir>      makes the archive from the files of a directory
 *   tsx scripts/measured.ts unpack <dir>    writes the files of the archive into a directory
 */
export const ARCHIVE = join(import.meta.dirname, '../test/golden/measured.jsonl.br');

/** A measured run: its file name and its text. */
export interface MeasuredFile {
  readonly name: string;
  readonly text: string;
}

/** Every measured run of the archive. */
export function readArchive(): MeasuredFile[] {
  const lines = brotliDecompressSync(readFileSync(ARCHIVE)).toString('utf8').split('\n');
  return lines.map((line) => {
    const comma = line.indexOf(',');
    return { name: JSON.parse(line.slice(1, comma)) as string, text: line.slice(comma + 1, -1) };
  });
}

function pack(dir: string): void {
  const files = readdirSync(dir)
    .filter((f) => /__\w+__.+\.json$/.test(f))
    .toSorted();
  const lines = files.map((f) => JSON.stringify([f, JSON.parse(readFileSync(join(dir, f), 'utf8')) as unknown]));
  const bytes = Buffer.from(lines.join('\n'));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const packed = brotliCompressSync(bytes, { params });
  writeFileSync(ARCHIVE, packed);
  process.stdout.write(`${files.length} runs, ${bytes.length} bytes, packed ${packed.length}\n`);
}

function unpack(dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const { name, text } of readArchive()) writeFileSync(join(dir, name), `${text}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const [what, dir] = process.argv.slice(2);
  if (dir !== undefined && what === 'pack') pack(dir);
  else if (dir !== undefined && what === 'unpack') unpack(dir);
  else {
    process.stderr.write('usage: tsx scripts/measured.ts pack|unpack <dir>\n');
    process.exitCode = 2;
  }
}
