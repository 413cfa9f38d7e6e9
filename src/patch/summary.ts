import type { Binding } from './anchor/bind.ts';
import { ownText } from './read/lines.ts';
import type { PatchSet } from './read/types.ts';

/** What the command line prints as JSON; the names are a contract. */
export interface PatchSummary {
  readonly messages: number;
  readonly files: number;
  readonly hunks: number;
  readonly comments: number;
  readonly sites: {
    readonly bound: number;
    readonly total: number;
    readonly ambiguous: number;
    readonly unbound: readonly { readonly site: string; readonly reason: string }[];
    /** sites whose statement the posted text cannot show: unchanged, or added by a fix switch only */
    readonly outside: number;
  };
  readonly problems: readonly {
    readonly severity: 'broken' | 'damaged';
    readonly input: string;
    readonly line: number;
    readonly message: number;
    readonly what: string;
  }[];
}

/** Counts of a loaded set. Quoted repetitions of a posting or of a remark are not counted again. */
export function summaryOf(set: PatchSet, binding: Binding): PatchSummary {
  const posted = new Set(set.files.filter((f) => !f.quoted).map((f) => f.index));
  return {
    messages: set.messages.length,
    files: posted.size,
    hunks: set.hunks.filter((h) => posted.has(h.file)).length,
    comments: set.comments.filter((c) => c.same < 0).length,
    sites: {
      bound: binding.bound.length,
      total: binding.total,
      ambiguous: binding.ambiguous.length,
      unbound: [...binding.ambiguous, ...binding.unbound],
      outside: binding.outside.length,
    },
    problems: set.problems.map((p) => ({
      severity: p.severity,
      input: set.inputs[set.lines.source[p.line] ?? 0] ?? '',
      line: set.lines.number[p.line] ?? 0,
      message: p.message + 1,
      what: p.what,
    })),
  };
}

/** The same as lines of text; `all` also lists every bound site with its line. */
export function summaryText(set: PatchSet, binding: Binding, all: boolean): string[] {
  const s = summaryOf(set, binding);
  const out = [
    `${count(s.messages, 'message')}, ${count(s.files, 'file')}, ${count(s.hunks, 'hunk')}, ${count(s.comments, 'comment')}`,
  ];
  for (const series of set.series)
    out.push(
      `series v${series.version} "${series.title}": ${series.patches.length} of ${count(series.m, 'patch', 'patches')}, ${count(series.replies.length, 'reply', 'replies')}`,
    );
  for (const p of s.problems) out.push(`${p.severity}: ${p.input}:${p.line}: message ${p.message}: ${p.what}`);
  out.push(
    `sites: ${s.sites.bound} of ${s.sites.total} bound, ${s.sites.ambiguous} ambiguous, ${s.sites.outside} not in the posted text`,
  );
  if (s.sites.bound > 0) for (const u of s.sites.unbound) out.push(`  not bound: ${u.site}: ${u.reason}`);
  if (all)
    for (const b of binding.bound)
      for (const line of b.lines)
        out.push(`  ${b.name} = line ${set.lines.number[line] ?? 0}: ${ownText(set.lines, line).trim()}`);
  return out;
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
