import { own } from '../../src/scenario/ledger/case.ts';
import { expect } from './page.ts';
import type { Page } from '@playwright/test';

/** Opens the page (at a link) and waits for a recording to stand. */
export async function openAt(page: Page, hash = ''): Promise<void> {
  // From the page's own address, which may be that of a file.
  await page.goto(hash);
  await ready(page);
}

/** Waits until a recording is in place. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('.position')).toContainText(/of [1-9]/, { timeout: 30_000 });
}

/** The step that the transport names, and the number of steps. */
export async function position(page: Page): Promise<{ step: number; length: number }> {
  const text = await page.locator('.position').innerText();
  const [, step, length] = /step (\d+) of (\d+)/.exec(text) ?? [];
  return { step: Number(step), length: Number(length) };
}

/** A scenario of four present pages, as a file would hold it. */
export const SMALL = {
  format: 'walkscope-scenario',
  version: 1,
  id: 'four-pages',
  title: 'Four pages of a test',
  base: '0x200000000',
  vmas: [{ start: 0, end: 4, perms: 'rw-p', kind: 'anon' }],
  entries: [own(0, 4)],
  request: { start: 0, end: 4, fault: true, write: false, select: ['SYSTEM'], device: 0 },
} as const;

/** What a file chooser gets. */
export function jsonFile(name: string, content: unknown): { name: string; mimeType: string; buffer: Buffer } {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { name, mimeType: 'application/json', buffer: Buffer.from(text) };
}
