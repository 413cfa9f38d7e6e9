import { D, D_STRIDE, G } from '../../src/machine/layout.ts';
import { OP } from '../../src/machine/ops.ts';
import { RULES } from '../../src/kernel/rules.ts';
import { MIGRATE, RANGE } from '../../src/kernel/structs.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import type { Difference, Show } from '../../src/scenario/ledger/show.ts';
import { seen } from '../unit/scenario-recount.ts';

/** The run that shows a row, with its switch off or on. */
export function runShow(id: string, show: Show, on: boolean): Recording {
  return runScenario({
    scenario: show.scenario,
    strategy: show.strategy,
    revision: 'v2',
    ...(show.kernel === undefined ? {} : { kernel: show.kernel }),
    ...(show.operations === undefined ? {} : { operations: show.operations }),
    fixes: [...(show.with ?? []), ...(on ? [id] : [])],
  });
}

function findings(rec: Recording): Set<string> {
  const { log } = rec.machine;
  const found = new Set<string>();
  for (let i = 0; i < rec.length; i++)
    if (log.op[i] === OP.FINDING) found.add(RULES.find((r) => r.id === log.a[i])?.name ?? '?');
  return found;
}

function statements(rec: Recording): Set<string> {
  const ids = new Set<number>();
  for (let i = 0; i < rec.length; i++) ids.add(rec.machine.log.site[i] as number);
  return new Set([...ids].map((id) => `${siteInfo(id).fn}:${siteInfo(id).label}`));
}

/** The last struct of a size that the run made. */
function lastStruct(m: Machine, size: number): number {
  let last = 0;
  for (let o = 1; o < m.scalar.get(G.OBJS); ) {
    const cells = m.obj.get(o);
    if (cells === size) last = o + 1;
    o += cells + 1;
  }
  return last;
}

function words(rec: Recording, which: 'hmm_pfns' | 'src'): string {
  const m = rec.machine;
  const at = lastStruct(m, which === 'src' ? MIGRATE.SIZE : RANGE.SIZE);
  const [arr, start, end] =
    which === 'src'
      ? [m.obj.get(at + MIGRATE.SRC), m.obj.get(at + MIGRATE.START), m.obj.get(at + MIGRATE.END)]
      : [m.obj.get(at + RANGE.HMM_PFNS), m.obj.get(at + RANGE.START), m.obj.get(at + RANGE.END)];
  return m.words.cells.slice(arr * 2, (arr + end - start) * 2).join(' ');
}

/** The leaf entries of the process, as words: which bits they have is compared, too. */
function table(rec: Recording): string {
  return seen(rec.machine, 1, [])
    .map((e) => `${e.page} ${e.level} ${e.kind} ${e.pfn} ${e.write}`)
    .concat([...rec.machine.pt.cells].map(String))
    .join(' ');
}

/** What each of two runs shows of a difference; they differ when these do. */
export function observe(rec: Recording, differs: Difference): string {
  rec.seek(rec.length - 1);
  if ('finding' in differs) return String(findings(rec).has(differs.finding));
  if ('step' in differs) return String(statements(rec).has(differs.step));
  if ('words' in differs) return words(rec, differs.words);
  if ('table' in differs) return table(rec);
  const { device } = { device: 0 };
  return String(rec.machine.device.get(device * D_STRIDE + D.SEQ));
}
