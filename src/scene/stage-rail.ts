import { stacked } from './cursor.ts';
import { eventWord } from './notices.ts';
import { clamp, type Frame } from './stage-frame.ts';
import type { StageModel } from './stage-model.ts';
import type { Rail, RailSpan } from './stage-shapes.ts';

/** The address axis: the VMAs about the request, what is asked for, the notifier brackets that are open. */
export function layRail(model: StageModel, f: Frame): Rail {
  const { start, end } = model.request;
  const pad = Math.max(1, (end - start) * 0.14);
  const near = model.vmas.filter((v) => v.end > start - pad * 4 && v.start < end + pad * 4);
  const lo = Math.min(start, model.focus, ...near.map((v) => Math.max(v.start, start - pad * 2))) - pad * 0.4;
  const hi = Math.max(end, model.focus + 1, ...near.map((v) => Math.min(v.end, end + pad * 2))) + pad * 0.4;
  const at = (page: number): number => f.rail.y + ((clamp(lo, page, hi) - lo) / (hi - lo)) * f.rail.h;
  const spanOf = (key: string, from: number, to: number, label: string, sub = ''): RailSpan => ({
    key,
    y: at(from),
    h: Math.max(2, at(to) - at(from)),
    label,
    sub,
  });
  return {
    box: f.rail,
    vmas: model.vmas
      .filter((v) => v.end > lo && v.start < hi)
      .map((v) => spanOf(`vma:${v.id}`, v.start, v.end, v.kind, v.perms)),
    request: spanOf('request', start, end, 'asked'),
    ticks: [start, end].map((page) => ({ y: at(page), page, above: page === start })),
    brackets: model.brackets.map((b, i) => {
      const event = eventWord(b.event);
      const bar = spanOf(`bracket:${b.begin}:${i}`, b.start, b.stop, '');
      const long = `notifier ${event}`;
      // On a short bar the event says it: no other bar stands there.
      const span = { ...bar, label: bar.h < long.length * BRACKET_SIZE * 0.602 + f.font * 2 ? event : long };
      const pennants = model.cursors.map((c) => at(c.page + 0.5) + stacked(model.cursors, c) * f.font * 1.6);
      return { ...span, labelY: clearOf(pennants, f.font, span, span.label.length * BRACKET_SIZE * 0.602) };
    }),
    y: (page) => at(page + 0.5),
  };
}

/** Size of what is written along an open notifier bracket, px. */
export const BRACKET_SIZE = 9.5;

/** Middle of a text of that length along a bar, where no pennant crosses it; the bar's own middle when it is crossed everywhere. */
function clearOf(pennants: readonly number[], font: number, bar: RailSpan, length: number): number {
  const ends = [bar.y - font, ...pennants.toSorted((a, b) => a - b), bar.y + bar.h + font];
  const gaps = ends.slice(1).map((end, i) => ({ from: (ends[i] as number) + font, to: end - font }));
  const usual = bar.y + bar.h / 2;
  const fitting = gaps
    .filter((g) => g.to - g.from >= length)
    .map((g) => clamp(g.from + length / 2, usual, g.to - length / 2))
    .toSorted((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
  return fitting[0] ?? usual;
}
