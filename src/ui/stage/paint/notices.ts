import { easeLinear, easeQuadOut, type Selection } from 'd3';
import { actorMark } from '../../../scene/lock-view.ts';
import type { NoticeShape } from '../../../scene/notice-place.ts';
import type { Notice } from '../../../scene/notices.ts';
import type { Box } from '../../../scene/stage-frame.ts';
import type { StageScene } from '../../../scene/stage-shapes.ts';
import { actorClass } from './locks.ts';
import { type Motion, at, lasting } from './motion.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Draws what this step does besides writing: a wave over what it covers, and a label near where it happens. */
export function paintNotices(layer: Layer, scene: StageScene, before: StageScene | undefined, motion: Motion): void {
  layer.selectAll('*').interrupt().remove();
  for (const shape of scene.notices) label(layer, shape, scene.frame.font * 0.9);
  if (motion.ms === 0) return;
  const playing = motion.forward ? scene.model.notices : (before?.model.notices ?? []);
  for (const notice of playing) wave(layer, notice, scene, before, motion);
}

/** The label, and a line from it to what it is about where that is not beside it. */
function label(layer: Layer, d: NoticeShape, size: number): void {
  const g = layer.append('g').attr('class', `notice n-${d.notice.kind}`).attr('transform', at(d.x, d.y));
  const [x, y] = [d.at[0] - d.x, d.at[1] - d.y];
  const [nx, ny] = [Math.max(0, Math.min(x, d.w)), Math.max(0, Math.min(y, d.h))];
  if (Math.hypot(x - nx, y - ny) > size * 0.8) {
    g.append('path').attr('d', `M${nx} ${ny}L${x} ${y}`);
    g.append('circle').attr('cx', x).attr('cy', y).attr('r', 2.5);
  }
  g.append('rect')
    .attr('width', d.w)
    .attr('height', d.h)
    .attr('rx', d.h / 2);
  g.append('text')
    .attr('x', d.w / 2)
    .attr('y', d.h / 2)
    .attr('font-size', size)
    .attr('text-anchor', 'middle')
    .attr('dominant-baseline', 'central')
    .text(d.notice.label);
}

/** What is seen to move because of a notice. */
function wave(layer: Layer, n: Notice, s: StageScene, before: StageScene | undefined, motion: Motion): void {
  if (n.kind === 'copy') travel(layer, n, s, motion);
  else if (n.kind === 'refused') bounce(layer, n, motion.forward ? s : (before ?? s), motion);
  else if (n.kind === 'flush' || n.kind === 'notifier') sweep(layer, n, s, motion);
}

/** Bars that run behind each other, and by how much of the time each is late. */
const BARS = 3;
const LATE = 0.06;

/** A flush runs from the entries to the addresses (the TLBs forget), a notifier from the addresses to the device. */
function sweep(layer: Layer, n: Notice, s: StageScene, motion: Motion): void {
  const rows = s.rows.filter((r) => r.row.level === 1 && r.row.page >= n.start && r.row.page < n.end);
  const y0 = rows[0]?.y ?? s.frame.pte.y;
  const last = rows.at(-1);
  const y1 = last === undefined ? s.frame.pte.y + s.frame.pte.h : last.y + last.h;
  const right = n.kind === 'flush' ? s.frame.pte.x + s.frame.pte.w : s.frame.device.x + s.frame.device.w;
  const left = s.rail.box.x;
  const [from, to] = (n.kind === 'flush') === motion.forward ? [right, left] : [left, right];
  const ms = lasting(motion);
  for (let i = 0; i < BARS; i++)
    layer
      .append('rect')
      .attr('class', `wave n-${n.kind}`)
      .attr('y', y0 - 3)
      .attr('height', y1 - y0 + 6)
      .attr('width', 4 - i)
      .attr('rx', 2)
      .attr('x', from)
      .attr('opacity', 0.85 - i * 0.25)
      .transition()
      .delay(i * ms * LATE)
      .duration(ms * (1 - (BARS - 1) * LATE))
      .ease(easeLinear)
      .attr('x', to)
      .attr('opacity', 0.15)
      .remove();
}

/** The data of a page on its way from one frame to the other. */
function travel(layer: Layer, n: Notice, s: StageScene, motion: Motion): void {
  const a = s.cards.find((c) => c.placed.view.id === n.folio);
  const b = s.cards.find((c) => c.placed.view.id === n.to);
  if (a === undefined || b === undefined) return;
  const [from, to] = motion.forward ? [a, b] : [b, a];
  const [w, h] = [16, 12];
  const middle = (box: Box): readonly [number, number] => [box.x + (box.w - w) / 2, box.y + (box.h - h) / 2];
  const [x0, y0] = middle(from);
  const [x1, y1] = middle(to);
  const ms = lasting(motion);
  layer
    .append('rect')
    .attr('class', 'wave n-copy')
    .attr('width', w)
    .attr('height', h)
    .attr('rx', 3)
    .attr('x', x0)
    .attr('y', y0)
    .transition()
    .duration(ms * 0.75)
    .attr('x', x1)
    .attr('y', y1)
    .transition()
    .duration(ms * 0.25)
    .attr('opacity', 0)
    .remove();
}

/** Who wanted a lock without waiting runs from the entry to the lock, which does not give, and is thrown back. */
function bounce(layer: Layer, n: Notice, s: StageScene, motion: Motion): void {
  const lock = s.locks.find((l) => l.lock.kind === 'folio' && l.lock.id === n.folio);
  const row = s.rows.find((r) => r.focus && r.row.level === 1) ?? s.rows.find((r) => r.focus);
  if (lock === undefined || row === undefined) return;
  const { actor } = s.model;
  const [from, wall] = [row.x + row.w, lock.x - 15 * (s.frame.font / 12)];
  const g = layer
    .append('g')
    .attr('class', `waiter attempt a-${actorClass(actor)}`)
    .attr('transform', at(from, lock.y + 3));
  g.append('circle').attr('r', 7.5);
  g.append('text')
    .attr('font-size', 9.5)
    .attr('text-anchor', 'middle')
    .attr('dominant-baseline', 'central')
    .text(actorMark(actor));
  const way = motion.forward ? hit : (t: number): number => hit(1 - t);
  g.transition()
    .duration(lasting(motion))
    .ease(easeLinear)
    .attrTween('transform', () => (t) => at(from + (wall - from) * way(t), lock.y + 3))
    .remove();
}

/** Where on its way to the wall a thing is that is thrown back halfway: 1 = at the wall. */
const hit = (t: number): number => (t < 0.5 ? 4 * t * t : 1 - 0.7 * easeQuadOut((t - 0.5) * 2));
