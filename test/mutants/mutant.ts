import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A small deliberate breakage of the kernel code: one piece of one file is replaced. */
export interface Mutant {
  readonly id: string;
  readonly title: string;
  /** path below src/kernel */
  readonly file: string;
  /** occurs exactly once in the file */
  readonly find: string;
  readonly replace: string;
}

/** Makes the mutants of one file: id, title, what is replaced, by what. */
export const mutantsOf = (
  file: string,
  rows: readonly (readonly [id: string, title: string, find: string, replace: string])[],
): Mutant[] => rows.map(([id, title, find, replace]) => ({ id, title, file, find, replace }));

/** Absolute path of the file that a mutant breaks. */
export const pathOf = (mutant: Mutant): string => join(import.meta.dirname, '../../src/kernel', mutant.file);

/** The broken text. @throws {Error} when the piece is not there exactly once: the code has moved on, the mutant has not. */
export function mutated(mutant: Mutant, source = readFileSync(pathOf(mutant), 'utf8')): string {
  const pieces = source.split(mutant.find).length - 1;
  if (pieces !== 1) throw new Error(`mutant ${mutant.id}: "${mutant.find}" occurs ${pieces} times in ${mutant.file}`);
  return source.replace(mutant.find, () => mutant.replace);
}
