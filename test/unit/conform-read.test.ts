import { describe, expect, test } from 'vitest';
import { readArchive } from '../../scripts/measured.ts';
import { conform } from '../../src/recording/conform/conform.ts';
import { parseEntryText } from '../../src/recording/conform/entry-text.ts';
import { addToLastNumber, expandEvents, expandRuns } from '../../src/recording/conform/expand.ts';
import { type Golden, parseGolden } from '../../src/recording/conform/golden-format.ts';
import { Identify } from '../../src/recording/conform/identify.ts';
import { splitName } from '../../src/recording/conform/page-ids.ts';
import { measuredToScenario } from '../../src/recording/conform/to-scenario.ts';

const archive = new Map(readArchive().map(({ name, text }) => [name.replace(/\.json$/, ''), text]));
const golden = (name: string): Golden => parseGolden(archive.get(name) as string);
const broken = (change: (json: Record<string, unknown>) => void): string => {
  const json = JSON.parse(archive.get('anon_rw__v2__mig') as string) as Record<string, unknown>;
  change(json);
  return JSON.stringify(json);
};

describe('a file that is no measured run is refused with the place', () => {
  test.each([
    ['not JSON', 'walk', /^not JSON/],
    ['another schema', broken((j) => (j.schema = 2)), /^schema: expected schema 1/],
    ['an unknown kernel', broken((j) => (j.kernel = { label: 'v3' })), /^kernel\.label: expected base, v2 or k715/],
    ['no log', broken((j) => delete j.calls), /^calls/],
    ['an event without a kind', broken((j) => (j.calls = [{ f: 'x' }])), /^calls\.0\.e/],
    ['a run of minus one pages', broken((j) => (j.hmm_pfns = [{ i: 0, n: -1, v: '0' }])), /^hmm_pfns\.0\.n/],
    ['a page table that is a list', broken((j) => (j.before = [])), /^before/],
  ])('%s', (_name, text, message) => expect(() => parseGolden(text)).toThrow(message));

  test.each([
    [
      'an unknown entry',
      (j: Record<string, unknown>) => setBefore(j, { e: 'pte', p: 0, val: 'wobbly:S0' }),
      /before\.pt \(entry 0\).*unknown entry/,
    ],
    [
      'an entry without its page',
      (j: Record<string, unknown>) => setBefore(j, { e: 'pte', val: 'none' }),
      /entry 0\)\.p: expected a number/,
    ],
    ['no operation', (j: Record<string, unknown>) => (j.calls = []), /there is no operation/],
    [
      'a repetition without an end',
      (j: Record<string, unknown>) => (j.calls = [{ e: 'repeat', n: 1e9, of: [{ e: 'x' }] }]),
      /more than/,
    ],
  ])('%s', (_name, change, message) => expect(() => conform(parseGolden(broken(change)))).toThrow(message));
});

function setBefore(json: Record<string, unknown>, entry: object): void {
  (json.before as Record<string, unknown>).pt = [entry];
}

test('repetitions count up numbers and the last number of texts', () => {
  const block = { e: 'repeat', n: 3, of: [{ e: 'set_pte', addr: 2, val: 'migr-w:T0+7 YD', '+': { addr: 1, val: 1 } }] };
  expect(expandEvents([block], 'calls').map((e) => [e.addr, e.val])).toEqual([
    [2, 'migr-w:T0+7 YD'],
    [3, 'migr-w:T0+8 YD'],
    [4, 'migr-w:T0+9 YD'],
  ]);
  expect(addToLastNumber('0x0f', 1)).toBe('0x10');
  expect(addToLastNumber('none', 1)).toBe('none');
});

test('runs leave no hole', () => {
  expect(expandRuns([{ i: 2, n: 2, v: 'VALID:S4', inc: 1 }])).toEqual(['', '', 'VALID:S4', 'VALID:S5']);
});

test('a name is cut out of a text wherever it stands', () => {
  expect(splitName('present:S0 WYD')).toEqual({ before: 'present:', id: 'S0', after: ' WYD' });
  expect(splitName('VALID|WRITE:T1+511').id).toBe('T1+511');
  expect(splitName('swap:type28,D3').id).toBe('D3');
  expect(splitName('SYSTEM|COMPOUND').id).toBe('');
  expect(parseEntryText('huge-zero:HZ+0 Y', 'here')).toMatchObject({
    kind: 'huge-zero',
    id: 'HZ+0',
    young: true,
    write: false,
  });
});

describe('names of pages are matched one to one', () => {
  const names = {
    classOf: () => 'system' as const,
    freed: (_n: string, step: number) => step > 10,
    mayBeBatched: () => false,
  };

  test('what has met once meets again', () => {
    const ids = new Identify(names);
    expect(ids.sameText('present:S0 W', 'present:@7 W', 0)).toBe(true);
    expect(ids.sameText('VALID:S0', 'VALID:@7', 1)).toBe(true);
    expect(ids.sameText('VALID:S1', 'VALID:@7', 1)).toBe(false);
    expect(ids.sameText('VALID:S0', 'VALID:@8', 1)).toBe(false);
  });

  test('a measured frame may come back after the model has freed its page', () => {
    const ids = new Identify(names);
    expect(ids.sameText('S0', '@7', 0)).toBe(true);
    expect(ids.sameText('S0', '@8', 11)).toBe(true);
  });

  test('pages of a large folio keep their distance, kinds of memory stay apart', () => {
    const ids = new Identify(names);
    expect(ids.sameText('T0+3', '@103', 0)).toBe(true);
    expect(ids.sameText('T0+4', '@105', 0)).toBe(false);
    expect(ids.sameText('D0', '@200', 0)).toBe(false);
  });
});

describe('a scenario follows from the state and the log', () => {
  test('the name of a scenario means nothing but its words', () => {
    for (const name of [
      'mixed_dev__v2__hmmMD',
      'dev_other__v2__rfF',
      'coh_todev__v2__hmmM',
      'thp_partial_locked__v2__mig',
      'conc_touch__v2__hmmM',
      'race_pte_migrating__v2__vmaF',
      'ext2_shared__v2__mig',
    ]) {
      expect(conform({ ...golden(name), scenario: 'never_heard_of_it' })).toBeUndefined();
    }
  });

  test('a part of a THP is the whole THP around it', () => {
    const { scenario } = measuredToScenario(golden('thp_partial__v2__mig'));
    expect(scenario.base).toBe('0x200064000');
    expect(scenario.entries).toMatchObject([{ page: -100, count: 512, level: 'pmd', kind: 'present', data: 0x1000 }]);
  });

  test('references that nothing explains are pins or plain ones', () => {
    const folios = (name: string) => measuredToScenario(golden(name)).scenario.entries.map((e) => e.folio);
    expect(folios('pin_gup__v2__mig')[1]).toMatchObject({ pins: 1 });
    expect(folios('pin_vmsplice__v2__mig')[1]).toMatchObject({ extraRefs: 1 });
    expect(folios('thp_pinned__v2__migC')[0]).toMatchObject({ pins: 1 });
    expect(folios('cow_parent__v2__mig')[0]).toMatchObject({ sharedBy: 1 });
  });

  test('what is mapped says what kind of mapping it is', () => {
    const kind = (name: string) => measuredToScenario(golden(name)).scenario.vmas[0]?.kind;
    expect(
      ['shmem_shared', 'shmem_private_ro', 'shmem_none', 'ext2_shared', 'hugetlb', 'none'].map((s) =>
        kind(`${s}__v2__mig`),
      ),
    ).toEqual(['shmem', 'shmem', 'shmem', 'file', 'hugetlb', 'anon']);
  });

  test('the device that asks, and whose memory is mapped', () => {
    const { scenario } = measuredToScenario(golden('mixed_dev__v2__rf0'));
    expect(scenario.conditions?.openDevices).toEqual([0, 1]);
    expect(scenario.entries.flatMap((e) => (e.kind === 'device' ? [[e.page, e.count, e.folio?.device]] : []))).toEqual([
      [0, 2, 0],
      [2, 1, 1],
      [7, 1, 0],
    ]);
    expect(measuredToScenario(golden('coh_own__v2__migCo')).scenario.request.device).toBe(2);
  });
});
