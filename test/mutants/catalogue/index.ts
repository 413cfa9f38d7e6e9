import { COLLECT } from './collect.ts';
import { COMMIT } from './commit.ts';
import { MEMORY } from './memory.ts';
import type { Mutant } from '../mutant.ts';

/** Every mutant. */
export const MUTANTS: readonly Mutant[] = [...COLLECT, ...COMMIT, ...MEMORY];
