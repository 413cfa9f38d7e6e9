import type { ScenarioProblem } from '../scenario/error.ts';

/** Problems as lines that name the place. */
export function problemLines(problems: readonly ScenarioProblem[]): string[] {
  return problems.map((p) => (p.path === '' ? p.message : `${p.path}: ${p.message}`));
}
