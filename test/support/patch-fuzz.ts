import * as fc from 'fast-check';
import { SERIES } from './patch-fixture.ts';

/** What may happen to a posting on its way, or be done to it on purpose. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '@@ -1,999999999 +1,999999999 @@',
  '@@ -0,0 +0,0 @@',
  'diff --git a/__proto__ b/__proto__',
  '--- ',
  '+++ ',
  '> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > >',
  'From x Mon Sep 17 00:00:00 2001',
  'Content-Type: multipart/mixed; boundary="b"',
  'Content-Transfer-Encoding: base64',
  '--b',
  '--b--',
  'GIT binary patch',
  '\u0000\uffff\ud800',
  '\u202e\u2066',
  '[PATCH v999 9999/9999] x',
  'x'.repeat(9000),
  '|'.repeat(3000),
  `On ${'a '.repeat(400)}wrote:`,
  '-- ',
];

type Change = readonly [kind: number, at: number, what: number];

function changed(lines: string[], [kind, at, what]: Change): void {
  const i = at % Math.max(1, lines.length);
  const line = lines[i] ?? '';
  switch (kind % 10) {
    case 0:
      lines.splice(i, 1 + (what % 7));
      break;
    case 1:
      lines.splice(i, 0, HOSTILE[what % HOSTILE.length] ?? '');
      break;
    case 2:
      lines[i] = line.slice(what % (line.length + 1));
      break;
    case 3:
      lines[i] = `> ${line}`;
      break;
    case 4:
      lines[i] = line.replaceAll('\t', '        ');
      break;
    case 5:
      lines.splice(i, 0, ...lines.slice(i, i + (what % 40)));
      break;
    case 6:
      lines[i] = line.slice(0, what % 60);
      lines.splice(i + 1, 0, line.slice(what % 60));
      break;
    case 7:
      lines.length = Math.max(1, i);
      break;
    case 8:
      lines[i] = line.replace(/[0-9]/g, (d) => String((Number(d) + what) % 10));
      break;
    default:
      lines[i] = line.split('').toReversed().join('');
  }
}

/** Variants of postings: lines dropped, doubled, broken, quoted, cut, and hostile ones put in. */
export const fuzzedPosting = (postings: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...(postings.length > 0 ? postings : [SERIES])),
      fc.array(fc.tuple(fc.nat(9), fc.nat(100_000), fc.nat(1000)), { minLength: 1, maxLength: 40 }),
    )
    .map(([posting, changes]) => {
      const lines = posting.split('\n');
      for (const change of changes) changed(lines, change);
      return lines.join('\n');
    });
