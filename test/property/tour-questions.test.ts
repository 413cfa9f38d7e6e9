import { describe, expect, test } from 'vitest';
import { errnoName } from '../../src/kernel/errno.ts';
import { RULES } from '../../src/kernel/rules.ts';
import { RANGE } from '../../src/kernel/structs.ts';
import { A_STRIDE, BANK, D, D_STRIDE, F, F_STRIDE, T, T_STRIDE } from '../../src/machine/layout.ts';
import { OP } from '../../src/machine/ops.ts';
import { functionOfSite } from '../../src/machine/sites.ts';
import { namesOf, tableText } from '../../src/recording/names.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { entryText, wordText } from '../../src/recording/words-text.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { Revision, RunSpec, Strategy } from '../../src/scenario/types.ts';
import { decidingSteps } from '../../src/tour/questions/deciding.ts';
import { entryWords } from '../../src/tour/questions/entry-words.ts';
import { QUESTION_KINDS } from '../../src/tour/questions/kinds.ts';
import { questionAt } from '../../src/tour/questions/make.ts';
import { literal, type Question } from '../../src/tour/questions/question.ts';
import { questionSet } from '../../src/tour/questions/quiz.ts';
import { randomOf, seedOf } from '../../src/tour/questions/random.ts';

const SMALL = LIBRARY.filter((s) =>
  'mixed lost-migration-entries swap cow-write locked-page gup-pin vmsplice-ref device-mixed vma-hole cpu-touches'
    .split(' ')
    .includes(s.id),
);
const STRATEGIES: readonly Strategy[] = ['unified', 'fault-then-migrate', 'migrate-fault-migrate'];
const REVISIONS: readonly Revision[] = ['v2', 'fixed'];

/** One spec for each seed; runs are kept, since many seeds share one. */
const specOf = (seed: number): RunSpec => ({
  scenario: SMALL[seed % SMALL.length] as (typeof SMALL)[number],
  strategy: STRATEGIES[(seed >> 2) % STRATEGIES.length] as Strategy,
  revision: REVISIONS[(seed >> 4) % REVISIONS.length] as Revision,
});
const kept = new Map<string, Recording>();
function run(seed: number, copy: string): Recording {
  const spec = specOf(seed);
  const key = `${spec.scenario.id} ${spec.strategy} ${spec.revision} ${copy}`;
  let rec = kept.get(key);
  if (rec === undefined) kept.set(key, (rec = runScenario(spec)));
  return rec;
}

/**
 * The answer as the machine itself gives it: another run of the same spec is taken to the step, and its banks are read.
 * Nothing of src/tour is used but the words for an entry.
 */
function recompute(rec: Recording, q: Question): string {
  const { machine: m } = rec;
  const { log } = m;
  const i = q.step;
  const a = log.a[i] as number;
  const fn = functionOfSite(log.site[i] as number).name;
  const frame = namesOf(rec).frame;
  rec.seek(i - 1);
  const pt = m.pt.cells.slice();
  const folios = m.folio.cells.slice();
  const tables = m.table.cells.slice();
  rec.seek(i);
  switch (q.kind) {
    case 'entry': {
      // The first of the entries written in this step: their journal order is the order of the writes.
      const rows = [...m.journal.loc.subarray(rec.deltaBegin(i), rec.deltaEnd(i))];
      const cell = (rows.find((l) => l >>> 26 === BANK.PT) as number) & 0x3fffffe;
      expect(m.pt.cells[cell] !== pt[cell] || m.pt.cells[cell + 1] !== pt[cell + 1]).toBe(true);
      const level = m.table.get((cell >> 10) * T_STRIDE + T.LEVEL);
      return entryWords(entryText(m.pt.get(cell), m.pt.get(cell + 1), level, frame));
    }
    case 'refs': {
      const maps = log.op[i] === OP.FOLIO_REMOVE_RMAP;
      const n = m.folio.get(a * F_STRIDE + (maps ? F.MAP : F.REF));
      return n === 0 ? (maps ? 'none' : '0: it is freed') : String(n);
    }
    case 'trylock': {
      const cell = a * F_STRIDE + F.LOCKER;
      const taken = folios[cell] === 0 && m.folio.cells[cell] === (log.actor[i] as number) + 1;
      return taken ? 'It is free: the walker takes it.' : 'Somebody else holds it: refused at once.';
    }
    case 'lock': {
      if (log.op[i] === OP.LOCK_PMD || log.op[i] === OP.LOCK_PTE) {
        const mine = (log.actor[i] as number) + 1;
        const at = m.table.cells.findIndex((v, c) => c % T_STRIDE === T.LOCK && v === mine && tables[c] !== mine);
        return `the lock of the ${tableText(rec, Math.floor(at / T_STRIDE))}`;
      }
      if (log.op[i] === OP.FOLIO_LOCK) {
        const at = m.folio.cells.findIndex((v, c) => c % F_STRIDE === F.LOCKER && v !== 0 && folios[c] !== v);
        return `the lock of folio ${namesOf(rec).folio(Math.floor(at / F_STRIDE))}`;
      }
      if (log.op[i] === OP.LOCK_MMAP_READ) return 'the mmap lock, for reading';
      if (log.op[i] === OP.LOCK_MMAP_WRITE) return 'the mmap lock, for writing';
      if (log.op[i] === OP.LOCK_ANON_VMA) return `the lock of anon_vma ${a}`;
      // A wait: what the actor waits for stands in its own cells.
      expect(m.actorBank.get((log.actor[i] as number) * A_STRIDE + 1)).toBe(a);
      return q.choices[q.right] as string;
    }
    case 'return':
      return `\`${errnoName(a)}\``;
    case 'word': {
      const word = (log.c[i] as number) + a;
      const kind = /^`(\w+)\[/.exec(q.text)?.[1] ?? '';
      const hmm = kind === 'src' && functionOfSite(log.site[i] as number).file === 'mm/hmm.c';
      return `\`${wordText(hmm ? 'hmm_pfns' : kind, m.words.get(word * 2), m.words.get(word * 2 + 1), rec.enc, frame)}\``;
    }
    case 'retry': {
      let call = i;
      while (
        log.op[call] !== OP.ENTER ||
        log.actor[call] !== log.actor[i] ||
        functionOfSite(log.site[call] as number).name !== 'hmm_range_fault'
      )
        call--;
      const seq = m.obj.get((log.a[call] as number) + RANGE.NOTIFIER_SEQ);
      const moved = m.device.get(a * D_STRIDE + D.SEQ) !== seq;
      return moved ? 'Yes: what was read is void, start again.' : 'No: what was read still holds.';
    }
    case 'notifier':
      return log.c[i] === 1 ? 'It ignores it: the event is its own migration.' : 'It drops its mirror of the range.';
    case 'isolate': {
      const yes = log.op[i] === OP.FOLIO_ISOLATE_LRU ? 'Yes: it is on a list, and leaves it.' : 'Yes: the mark goes.';
      const changed = rec.deltaEnd(i) > rec.deltaBegin(i) || log.b[i] === 0;
      return changed === q.choices[q.right]?.startsWith('Yes') ? (q.choices[q.right] as string) : yes;
    }
    case 'finding':
      return literal(RULES.find((r) => r.id === a)?.says ?? '');
    case 'walks': {
      let n = 0;
      for (let j = i + 1, open = 1; open > 0 && j < rec.length; j++) {
        if (log.actor[j] !== log.actor[i]) continue;
        const called = functionOfSite(log.site[j] as number).name;
        if (called === 'hmm_range_fault') open += log.op[j] === OP.ENTER ? 1 : log.op[j] === OP.EXIT ? -1 : 0;
        if (called === 'walk_page_range' && log.op[j] === OP.ENTER) n++;
      }
      return n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`;
    }
    case 'migrates': {
      let exit = i + 1;
      while (log.op[exit] !== OP.EXIT || functionOfSite(log.site[exit] as number).name !== fn) exit++;
      rec.seek(exit);
      const [start, end, words] = [RANGE.START, RANGE.END, RANGE.HMM_PFNS].map((f) => m.obj.get(a + f)) as [
        number,
        number,
        number,
      ];
      const pages: number[] = [];
      for (let p = start; p < end; p++)
        if ((m.words.get((words + p - start) * 2 + 1) & rec.enc.MIGRATE) !== 0) pages.push(p - rec.origin);
      return pages.join(' ');
    }
    case 'fault':
      return faultAnswer(rec, i);
  }
}

function faultAnswer(rec: Recording, enter: number): string {
  const { log } = rec.machine;
  const calls: string[] = [];
  let wrote = false;
  let exit = enter + 1;
  for (; exit < rec.length; exit++) {
    if (log.actor[exit] !== log.actor[enter]) continue;
    const d = (log.depth[exit] as number) - (log.depth[enter] as number);
    if (log.op[exit] === OP.EXIT && d === 0) break;
    if (log.op[exit] === OP.ENTER) calls.push(functionOfSite(log.site[exit] as number).name);
    if (log.op[exit] === OP.PFN_WRITE) wrote = true;
  }
  if (calls.includes('hmm_vma_fault')) return 'Call the fault handler; then the walk starts again.';
  if ((log.a[exit] as number) < 0) return 'Give up with an error, without a fault.';
  return wrote ? 'Write what is there into the array, without a fault.' : 'Leave the array as it is, and go on.';
}

/** `pages 0..2, 5` as `0 1 2 5`. */
const spelledOut = (text: string): string =>
  [...text.matchAll(/(-?\d+)(?:\.\.(-?\d+))?/g)]
    .flatMap(([, from, to]) => {
      const first = Number(from);
      return Array.from({ length: Number(to ?? from) - first + 1 }, (_, n) => first + n);
    })
    .join(' ');

describe('questions', () => {
  test('for 1,000 seeds the key is what another run of the engine says', () => {
    const kinds = new Map<string, number>();
    let asked = 0;
    for (let seed = 0; asked < 1000; seed++) {
      const rec = run(seed, 'asked');
      const lists = decidingSteps(rec);
      const random = randomOf(seedOf('key', seed));
      // Each kind comes up, however rare its steps are.
      const kind = QUESTION_KINDS[Math.floor(random() * QUESTION_KINDS.length)] as (typeof QUESTION_KINDS)[number];
      const list = lists.get(kind === 'migrates' ? 'walks' : kind) ?? [];
      const step = list[Math.floor(random() * list.length)];
      const q = step === undefined ? undefined : questionAt(rec, step, seed, [], kind);
      if (q === undefined) continue;
      asked++;
      kinds.set(q.kind, (kinds.get(q.kind) ?? 0) + 1);
      const key = q.choices[q.right] as string;
      const what = `seed ${seed}, step ${q.step}, ${q.text}`;
      if (q.kind === 'migrates') expect(spelledOut(key), what).toBe(recompute(run(seed, 'fresh'), q));
      else if (q.kind === 'fault' && q.text.startsWith('The fault handler'))
        expect(resultHolds(seed, q), what).toBe(true);
      else expect(key, what).toBe(recompute(run(seed, 'fresh'), q));
      expect(new Set(q.choices).size, what).toBe(q.choices.length);
      expect(q.because.length).toBeGreaterThan(10);
    }
    expect([...kinds.keys()].toSorted()).toEqual([...QUESTION_KINDS].toSorted());
  });

  /** The entry of the page after the fault is the one that the key names; or it is the one from before. */
  function resultHolds(seed: number, q: Question): boolean {
    const rec = run(seed, 'fresh');
    const key = q.choices[q.right] as string;
    const texts = (step: number): string[] => {
      rec.seek(step);
      const m = rec.machine;
      return Array.from(m.pt.cells.length === 0 ? [] : m.pt.cells.keys())
        .filter((c) => c % 2 === 0 && (m.pt.cells[c] !== 0 || m.pt.cells[c + 1] !== 0))
        .map((c) => {
          const level = m.table.get((c >> 10) * T_STRIDE + T.LEVEL);
          return level === 0 ? '' : entryWords(entryText(m.pt.get(c), m.pt.get(c + 1), level, namesOf(rec).frame));
        });
    };
    const before = texts(q.step);
    const after = texts(q.reveal);
    const told = (list: string[]): string => list.filter((t) => !t.startsWith('a pointer')).join('\n');
    return key.startsWith('nothing new') ? told(before) === told(after) : after.includes(key);
  }

  test('at least 80 % of the deciding steps of the library can ask', () => {
    let deciding = 0;
    let asking = 0;
    for (const scenario of LIBRARY.filter(
      (s) => s.request.end - s.request.start <= 16 || ['thp-compound', 'lock-leak'].includes(s.id),
    )) {
      const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2' });
      for (const list of decidingSteps(rec).values()) {
        // Of thousands of equal steps some hundred are enough to tell.
        const stride = Math.max(1, Math.floor(list.length / 10));
        for (let n = 0; n < list.length; n += stride) {
          deciding++;
          if (questionAt(rec, list[n] as number, n) !== undefined) asking++;
        }
      }
    }
    expect(deciding).toBeGreaterThan(2000);
    expect(asking / deciding).toBeGreaterThanOrEqual(0.8);
  });

  test('the same seed gives the same set in another run; another seed another one', () => {
    const [one, two] = [run(1, 'asked'), run(1, 'fresh')];
    expect(questionSet(one, 7)).toEqual(questionSet(two, 7));
    expect(questionSet(one, 8)).not.toEqual(questionSet(one, 7));
    const steps = questionSet(one, 7).map((q) => q.step);
    expect(steps).toEqual(steps.toSorted((x, y) => x - y));
    expect(new Set(questionSet(one, 7).map((q) => q.kind)).size).toBeGreaterThan(5);
  });

  test('places of the right answer are spread evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 120; seed++) {
      for (const q of questionSet(run(seed % 8, 'asked'), seed)) {
        if (q.choices.length === 4) counts[q.right] = (counts[q.right] as number) + 1;
      }
    }
    const all = counts.reduce((x, y) => x + y);
    for (const n of counts) expect(n / all).toBeGreaterThan(0.18);
  });
});
