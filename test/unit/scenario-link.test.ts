import { describe, expect, test } from 'vitest';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { decodeLink, MOST_LINK } from '../../src/scenario/link.ts';
import { memory } from '../../src/scenario/notation.ts';
import type { Scenario } from '../../src/scenario/types.ts';

const PLAIN = { strategy: 'unified', revision: 'v2' } as const;
const library = (id: string): Scenario => scenarioById(id) as Scenario;

/** A scenario that was once put into a link; it must come out of it for ever. */
const FROZEN: Scenario = {
  format: 'walkscope-scenario',
  version: 1,
  id: 'frozen',
  title: 'Frozen',
  base: '0x200000000',
  vmas: [{ start: 0, end: 8, perms: 'rw-p', kind: 'anon' }],
  entries: memory('P N Z P N Z P P'),
  request: { start: 0, end: 8, fault: true, write: false, select: ['SYSTEM'], device: 0 },
};
const FROZEN_LINK =
  '#1/~xZLNasMwEITfZc4KJO4PRff21lN6KcEH1V4HEVlyVms7ifG7F6V2U-ghlFKq2-zq0-yIHVAFro1AozduF4vQ0CIW5A3bAIWO' +
  'ONrgoVcKtoRGxeFEHgpixRE0nubCm4lJLw_ZcjqJr02E3gyIYliglwrkS-gHhYa4jtDgftFAYWdTHcYHjzFP14QtfcCN2dKZLULr' +
  '5TyMo44cNBqhC9wwRfIChZ6tELRwSwrH0PrtLErLcpxFFZwN0APoULg22m5ixlHNrqurrj54wgXIrgIn4vS3X8a60Df_EvL2pyHv' +
  'fhXy_pPO_j5krsC0bylKan_fw8q0TuZnJrfKuEgKkRwVAr3B-nX98viMXKGkzhZpG8fxHQ/o=~i65WSk7MyVGyUkouKFXSUSovyi' +
  'xJVbIqKSpN1VEqSExPVbIyro0FAA/n=4';

// Links are in mails and lecture notes: what stands here is never changed, only added to.
describe('links of every version made so far still open', () => {
  test.each<[string, unknown]>([
    ['#1/mixed', { spec: { scenario: library('mixed'), ...PLAIN } }],
    ['#1/mixed/n=123', { spec: { scenario: library('mixed'), ...PLAIN }, step: 123 }],
    ['#1/mixed/n=-1', { spec: { scenario: library('mixed'), ...PLAIN }, step: -1 }],
    [
      '#1/lock-leak/s=fault-then-migrate/r=v7/f=R-07,F-04/n=7',
      {
        spec: {
          scenario: library('lock-leak'),
          strategy: 'fault-then-migrate',
          revision: 'v7',
          fixes: ['R-07', 'F-04'],
        },
        step: 7,
      },
    ],
    [
      '#1/anon/o=setup-fault/v=stage:3,code/n=0',
      {
        spec: {
          scenario: library('anon'),
          ...PLAIN,
          operations: [{ call: 'migrate_vma', fault: true, request: library('anon').request }],
        },
        step: 0,
        view: 'stage:3,code',
      },
    ],
    [
      '#1/rival-migration/c=12b3a/v=tab:log,closed:code+pfns,at:10-50,sel:p3/n=40',
      {
        spec: { scenario: library('rival-migration'), ...PLAIN, schedule: '12b3a' },
        step: 40,
        view: 'tab:log,closed:code+pfns,at:10-50,sel:p3',
      },
    ],
    ['#1/mixed/c=', { spec: { scenario: library('mixed'), ...PLAIN, schedule: '' } }],
    ['#1/mixed/k=base', { spec: { scenario: library('mixed'), ...PLAIN, kernel: 'base' } }],
    [
      FROZEN_LINK,
      { spec: { scenario: FROZEN, ...PLAIN, operations: [{ call: 'cpu', write: true, page: 3 }] }, step: 4 },
    ],
  ])('%s', async (link, state) => expect(await decodeLink(link)).toEqual({ ok: state }));
});

describe('a broken link is answered with the part that is wrong', () => {
  test.each([
    ['', 'link: version "" of links is unknown here: expected 1.'],
    ['#2/mixed', 'link: version "2" of links is unknown here: expected 1.'],
    ['#1', 'link.scenario: the library has no scenario "".'],
    ['#1/nothing', 'link.scenario: the library has no scenario "nothing".'],
    ['#1/~', 'link.scenario: the link is cut short or damaged.'],
    ['#1/~äöü', 'link.scenario: the link is cut short or damaged.'],
    [FROZEN_LINK.slice(0, 60), 'link.scenario: the link is cut short or damaged.'],
    [FROZEN_LINK.replace('~xZ', '~xY'), 'link.scenario: '],
    ['#1/mixed/s=fastest', 'link.s: "fastest" is no strategy: expected unified, fault-then-migrate'],
    ['#1/mixed/k=v9', 'link.k: "v9" is no kernel: expected v2, base, k715.'],
    ['#1/mixed/r=v99', 'link.r: "v99" is no revision: expected v2, v7, fixed, rfc.'],
    ['#1/mixed/f=R-07,', 'link.f: "" is no id of the ledger, such as R-07.'],
    ['#1/mixed/n=12x', 'link.n: "12x" is no step: expected a number from -1 on.'],
    ['#1/mixed/n=99999999999', 'link.n: "99999999999" is no step'],
    ['#1/mixed/n=1/n=2', 'link.n: the part n= comes twice.'],
    ['#1/mixed/z=1', 'link: the part "z=1" is unknown.'],
    ['#1/mixed/', 'link: the part "" is unknown.'],
    ['#1/mixed/o=dance', 'link.o: "dance" is no set of operations: expected setup, setup-fault.'],
    ['#1/mixed/o=~AAAA', 'link.o: the link is cut short or damaged.'],
    ['#1/mixed/v=<b>', 'link.v: the view has other characters'],
    [`#1/${'a'.repeat(MOST_LINK)}`, 'characters: too many.'],
  ])('%.40s', async (link, message) => {
    const [problem] = (await decodeLink(link)).error ?? [];
    expect(`${problem?.path ?? ''}: ${problem?.message ?? ''}`).toContain(message);
  });

  test('a scenario inside a link that cannot be says where', async () => {
    const { deflateText } = await import('../../src/scenario/deflate.ts');
    const impossible = { ...FROZEN, vmas: [] };
    const decoded = await decodeLink(`#1/~${await deflateText(JSON.stringify(impossible))}`);
    expect(decoded.error?.[0]?.path).toBe('link.scenario.entries[0].page');
  });

  test('a small link that unfolds to very much text is refused', async () => {
    const { deflateText } = await import('../../src/scenario/deflate.ts');
    const bomb = await deflateText(' '.repeat(32 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const decoded = await decodeLink(`#1/~${bomb}`);
    expect(decoded.error?.[0]?.message).toBe('the link is cut short or damaged.');
  });
});
