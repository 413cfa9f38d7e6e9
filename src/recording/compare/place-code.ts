import { OP } from '../../machine/ops.ts';
import { kindsOf } from '../operands.ts';
import { siteTemplate } from '../template.ts';

/** What tells where a step is: its page, or the folio or page frame that its first operand names. */
export const WHAT = { PAGE: 0, FOLIO: 1, PFN: 2, NO_SLOT: 3 } as const;

/** per op; per site for the ops whose operands the site's text names. 0 = not asked yet */
const ofOp = new Uint8Array(256);
const ofSite = new Uint8Array(1 << 16);
const KNOWN = 0x80;

/** WHAT << 4 | slot of the operand that names a page (0 a, 1 b, 2 c, WHAT.NO_SLOT none). */
export function placeCode(op: number, site: number): number {
  const bySite = op === OP.AT || op === OP.ENTER || op === OP.EXIT;
  const table = bySite ? ofSite : ofOp;
  const at = bySite ? site : op;
  let code = table[at] as number;
  if (code === 0) {
    code = KNOWN | make(op, site, bySite);
    table[at] = code;
  }
  return code & ~KNOWN;
}

function make(op: number, site: number, bySite: boolean): number {
  const kinds = kindsOf(op, site);
  const what = kinds[0] === 'folio' ? WHAT.FOLIO : kinds[0] === 'pfn' ? WHAT.PFN : WHAT.PAGE;
  const slot = bySite ? addressSlot(site) : kinds.indexOf('page');
  return (what << 4) | (slot < 0 ? WHAT.NO_SLOT : slot);
}

/** First operand of a site's text that is a page or an address; -1 when none is. */
function addressSlot(site: number): number {
  const piece = siteTemplate(site).find((p) => 'operand' in p && (p.format === 'page' || p.format === 'addr'));
  return piece !== undefined && 'operand' in piece ? 'abc'.indexOf(piece.operand) : -1;
}
