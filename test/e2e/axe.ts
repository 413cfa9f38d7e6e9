import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export interface AxeScope {
  /** Only this part (a CSS selector), where the rest of the page has its own check. Default: the whole page. */
  readonly part?: string;
  /** Left out of it, a CSS selector. */
  readonly without?: string;
  /** Only the rules of these tags. Default: every rule of axe. */
  readonly tags?: readonly string[];
}

/**
 * What axe finds against the page or a part of it: one text for each broken rule, with the elements at fault; empty when
 * nothing is wrong. Everything is checked, but only violations are written out, and by the page itself: selectors for
 * the thousands of elements that pass, and a second page to collect the results of frames, were most of axe's time.
 * A page with frames is not for this.
 */
export async function violations(page: Page, { part, without, tags }: AxeScope = {}): Promise<string[]> {
  let axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (part !== undefined) axe = axe.include(part);
  if (without !== undefined) axe = axe.exclude(without);
  if (tags !== undefined) axe = axe.withTags([...tags]);
  const found = (await axe.analyze()).violations;
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(' | ')}`);
}
