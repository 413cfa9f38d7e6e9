import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CAPTURE_SCHEMA, captureSchemaText } from '../../scripts/schema.ts';
import { F, F_STRIDE, G, PG } from '../../src/machine/layout.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { buildMachine } from '../../src/scenario/build.ts';
import { parseCapture } from '../../src/scenario/capture/parse-capture.ts';
import { CAPTURE_SCHEMA_IS_THE_TYPE } from '../../src/scenario/capture/schema.ts';
import type { Capture } from '../../src/scenario/capture/types.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { Scenario, ScenarioEntry } from '../../src/scenario/types.ts';
import { captureOf, sampleText, SAMPLES, samples, scenarioOf } from './capture-fixture.ts';
import { seen } from './scenario-recount.ts';

const pagesOf = (s: Scenario, is: (entry: ScenarioEntry) => boolean): number =>
  s.entries.reduce((sum, entry) => sum + (is(entry) ? entry.count : 0), 0);

describe('the schema of captures', () => {
  test('is the type', () => expect(CAPTURE_SCHEMA_IS_THE_TYPE).toBe(true));

  test('is published as it is: npm run schema writes it anew', () => {
    const types = readFileSync('src/scenario/capture/types.ts', 'utf8');
    expect(readFileSync(CAPTURE_SCHEMA, 'utf8')).toBe(captureSchemaText(types));
  });

  test('describes its fields', () => {
    expect(readFileSync(CAPTURE_SCHEMA, 'utf8')).toContain('runs of equal pages, in order');
  });
});

describe('the samples', () => {
  test('are those of the index, small, and name no path', () => {
    const files = readdirSync(SAMPLES).filter((name) => name !== 'index.json');
    expect(files.toSorted()).toEqual(samples.map((sample) => sample.file).toSorted());
    for (const file of files) {
      expect(statSync(`${SAMPLES}/${file}`).size).toBeLessThanOrEqual(200_000);
      expect(sampleText(file)).not.toContain('/');
    }
  });

  test.each(samples.map((sample) => sample.file))('%s becomes a machine whose counts agree with its tables', (file) => {
    const scenario = scenarioOf(sampleText(file));
    expect(parseScenario(JSON.stringify(scenario)).error).toBeUndefined();
    const { machine, mm, children } = buildMachine(scenario);
    const problems: string[] = [];
    const maps = new Map<number, number>();
    for (const each of [mm, ...children]) {
      for (const leaf of seen(machine, each, problems)) {
        if (leaf.kind !== 'present') continue;
        const folio = machine.pageGet(leaf.pfn, 0);
        maps.set(folio, (maps.get(folio) ?? 0) + 1);
      }
    }
    expect(problems).toEqual([]);
    for (const [folio, count] of maps) {
      if ((machine.f(folio, F.FLAGS) & PG.ZERO) === 0) expect(machine.f(folio, F.MAP)).toBe(count);
    }
  });

  test('thp: PMD entries, a folio mapped by PTEs, the huge zero page, swap and soft-dirty', () => {
    const scenario = scenarioOf(sampleText('thp.json'));
    expect(scenario.request).toMatchObject({ start: 0, end: 4096, fault: true, select: ['SYSTEM', 'COMPOUND'] });
    expect(pagesOf(scenario, (e) => e.level === 'pmd' && e.kind === 'present')).toBe(4 * 512);
    expect(pagesOf(scenario, (e) => e.level === 'pmd' && e.kind === 'zero')).toBe(512);
    expect(pagesOf(scenario, (e) => e.kind === 'swap' && e.slot?.exclusive === true)).toBe(200);
    expect(pagesOf(scenario, (e) => e.folio?.order === 9 && e.level === 'pte')).toBe(507);
    expect(pagesOf(scenario, (e) => e.kind === 'none')).toBe(5);
    expect(scenario.entries.every((e) => e.kind !== 'present' || e.write === e.softDirty)).toBe(true);

    const { machine, offset, mm } = buildMachine(scenario);
    const leaves = seen(machine, mm, []);
    const at = (page: number) => leaves.find((leaf) => leaf.page === page + offset);
    expect(at(0)).toMatchObject({ level: 'pmd', kind: 'present', write: false });
    expect(at(512)).toMatchObject({ level: 'pte' });
    expect(at(612)).toBeUndefined();
    expect(at(1024)).toMatchObject({ level: 'pmd', pfn: machine.scalar.get(G.HUGE_ZERO_PFN) });
    expect(at(1536)).toMatchObject({ level: 'pmd', write: true });
    const split = machine.pageGet(at(512)?.pfn ?? 0, 0);
    expect([machine.f(split, F.ORDER), machine.f(split, F.MAP), machine.f(split, F.ENTIRE)]).toEqual([9, 507, 0]);
  });

  test('fork: pages, a huge page and swap slots that three processes share', () => {
    const scenario = scenarioOf(sampleText('fork.json'));
    const { machine, children } = buildMachine(scenario);
    expect(children).toHaveLength(3);
    const shared = scenario.entries.filter((e) => e.kind === 'present' && (e.folio?.sharedBy ?? 0) > 0);
    expect(shared.some((e) => e.level === 'pmd' && e.folio?.sharedBy === 2)).toBe(true);
    expect(shared.every((e) => e.folio?.exclusive === false)).toBe(true);
    expect(pagesOf(scenario, (e) => e.slot?.sharedBy === 2)).toBe(50);
    expect(scenario.vmas.map((vma) => [vma.kind, vma.perms])).toEqual([
      ['anon', 'rw-p'],
      ['file', 'rw-p'],
      ['shmem', 'rw-s'],
      ['file', 'rw-s'],
    ]);
    // Of the private file mapping, every eighth page was written: it is a copy, the others are the file's.
    const file = scenario.entries.filter((e) => e.page >= 2048 && e.page < 2304);
    expect(file.filter((e) => e.folio?.anon === true).reduce((n, e) => n + e.count, 0)).toBe(32);
    expect(hugeFoliosMappedBy(machine, 3)).toBe(1);
  });

  test('sparse: the walk is over the fullest 1 GiB, or what is asked for', () => {
    const text = sampleText('sparse.json');
    const scenario = scenarioOf(text);
    expect(scenario.request.end).toBe(1 << 18);
    expect(pagesOf(scenario, (e) => e.level === 'pmd' && e.kind === 'zero')).toBeGreaterThan(0);
    const start = Number.parseInt(captureOf(text).vmas[0]?.start ?? '', 16) + 0x4000_0000;
    const asked = parseCapture(text, {
      start: `0x${start.toString(16)}`,
      end: `0x${(start + 0x100_0000).toString(16)}`,
    });
    expect(asked.scenario?.base).toBe(`0x${start.toString(16)}`);
    expect(asked.scenario?.request).toMatchObject({ start: 0, end: 4096 });
  });

  test('user: exclusive pages are writable where their mapping is; the notes say what is missing', () => {
    const parsed = parseCapture(sampleText('user.json'));
    expect(parsed.notes?.join(' ')).toContain('made without root');
    const { scenario } = parsed;
    for (const entry of scenario?.entries ?? []) {
      const vma = scenario?.vmas.find((each) => each.start <= entry.page && entry.page < each.end);
      expect(entry.write === true).toBe(vma?.perms[1] === 'w');
    }
  });

  test('without PAGEMAP_SCAN, PMD entries follow from smaps and the folios', () => {
    const capture = captureOf(sampleText('thp.json'));
    const states = capture.states.map((state) => ({
      ...state,
      map: state.map.filter((bit) => bit !== 'pmd' && bit !== 'zero'),
    }));
    const blind: Capture = { ...capture, states, missing: [...capture.missing, 'pagemap-scan'] };
    expect(scenarioOf(JSON.stringify(blind)).entries).toEqual(scenarioOf(JSON.stringify(capture)).entries);
  });
});

function hugeFoliosMappedBy(m: Machine, count: number): number {
  let found = 0;
  for (let f = 1; f * F_STRIDE < m.scalar.get(G.FOLIOS) * F_STRIDE; f++) {
    if (m.f(f, F.ORDER) === 9 && m.f(f, F.ENTIRE) === count) found++;
  }
  return found;
}
