import { easeLinear, type Selection } from 'd3';
import type { Notice } from '../../../scene/notices.ts';
import type { StageScene } from '../../../scene/stage-layout.ts';
import { type Motion, at, monoWidth } from './motion.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Draws what this step does besides writing: a wave over what it covers, and a label where it happens. */
export function paintNotices(layer: Layer, scene: StageScene, before: StageScene | undefined, motion: Motion): void {
  layer.selectAll('*').interrupt().remove();
  const size = scene.frame.font * 0.9;
  const used: number[] = [];
  for (const notice of scene.model.notices) {
    const place = placeOf(notice, scene);
    if (place !== undefined) label(layer, notice, place, size, scene.frame.w, used);
  }
  if (motion.ms === 0) return;
  const playing = motion.forward ? scene.model.notices : (before?.model.notices ?? []);
  for (const notice of playing) wave(layer, notice, scene, motion);
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

function placeOf(n: Notice, s: StageScene): Place | undefined {
  const { frame: f, rail } = s;
  const row = s.rows.find((r) => r.focus && r.row.level === 1) ?? s.rows.find((r) => r.focus) ?? s.block;
  const card = s.cards.find((c) => c.placed.view.id === n.folio);
  // Beside the axis, but clear of the PMD table.
  const left = Math.min(
    rail.box.x + rail.box.w + 8,
    (f.narrow ? f.pte.x : f.pmd.x) - monoWidth(n.label, f.font * 0.9) - 22,
  );
  switch (n.kind) {
    case 'flush':
      return { x: left, y: clampY(rail.y((n.start + n.end - 1) / 2) + 22, s), anchor: 'start' };
    case 'notifier':
      return { x: left, y: clampY(rail.y((n.start + n.end - 1) / 2) - 22, s), anchor: 'start' };
    case 'callback':
    case 'retry':
      return { x: f.device.x + f.device.w, y: f.device.y + 10, anchor: 'end' };
    case 'copy': {
      const to = s.cards.find((c) => c.placed.view.id === n.to);
      return card === undefined || to === undefined
        ? undefined
        : { x: (card.x + card.w + to.x) / 2, y: card.y + card.h / 2 - f.font, anchor: 'middle' };
    }
    case 'refused':
      return card === undefined ? undefined : { x: card.x + card.w - 20, y: card.y, anchor: 'end' };
    case 'split':
      return { x: f.pte.x + f.pte.w / 2, y: f.pte.y + f.strip.h + 14, anchor: 'middle' };
    case 'fault':
    case 'blocked':
    case 'finding':
      return row === undefined
        ? { x: left, y: f.pte.y + 10, anchor: 'start' }
        : { x: row.x + row.w - 10, y: row.y, anchor: 'end' };
    default:
      return undefined;
  }
}

const clampY = (y: number, s: StageScene): number => Math.max(s.frame.head + 8, Math.min(y, s.frame.h - 16));

function label(layer: Layer, n: Notice, p: Place, size: number, stageW: number, used: number[]): void {
  const w = monoWidth(n.label, size) + 16;
  let x = p.anchor === 'start' ? p.x : p.anchor === 'end' ? p.x - w : p.x - w / 2;
  x = Math.max(4, Math.min(x, stageW - w - 4));
  let { y } = p;
  while (used.some((u) => Math.abs(u - y) < size * 1.8)) y += size * 1.9;
  used.push(y);
  const g = layer.append('g').attr('class', `notice n-${n.kind}`).attr('transform', at(x, y));
  g.append('rect')
    .attr('y', -size * 0.85)
    .attr('width', w)
    .attr('height', size * 1.7)
    .attr('rx', size * 0.85);
  g.append('text')
    .attr('x', w / 2)
    .attr('font-size', size)
    .attr('text-anchor', 'middle')
    .attr('dominant-baseline', 'central')
    .text(n.label);
}

/** A flush runs from the entries to the addresses (the TLBs forget), a notifier from the addresses to the device. */
function wave(layer: Layer, n: Notice, s: StageScene, motion: Motion): void {
  if (n.kind === 'copy') {
    travel(layer, n, s, motion);
    return;
  }
  if (n.kind !== 'flush' && n.kind !== 'notifier') return;
  const rows = s.rows.filter((r) => r.row.level === 1 && r.row.page >= n.start && r.row.page < n.end);
  const y0 = rows[0]?.y ?? s.frame.pte.y;
  const last = rows.at(-1);
  const y1 = last === undefined ? s.frame.pte.y + s.frame.pte.h : last.y + last.h;
  const right = n.kind === 'flush' ? s.frame.pte.x + s.frame.pte.w : s.frame.device.x + s.frame.device.w;
  const left = s.rail.box.x;
  const from = n.kind === 'flush' ? right : left;
  const to = n.kind === 'flush' ? left : right;
  for (let i = 0; i < 3; i++) {
    const bar = layer
      .append('rect')
      .attr('class', `wave n-${n.kind}`)
      .attr('y', y0 - 3)
      .attr('height', y1 - y0 + 6)
      .attr('width', 4 - i)
      .attr('rx', 2);
    const [a, b] = motion.forward ? [from, to] : [to, from];
    bar
      .attr('x', a)
      .attr('opacity', 0.85 - i * 0.25)
      .transition()
      .delay(i * motion.ms * 0.09)
      .duration(motion.ms * 1.4)
      .ease(easeLinear)
      .attr('x', b)
      .attr('opacity', 0.15)
      .remove();
  }
}

/** The data of a page on its way from one frame to the other. */
function travel(layer: Layer, n: Notice, s: StageScene, motion: Motion): void {
  const a = s.cards.find((c) => c.placed.view.id === n.folio);
  const b = s.cards.find((c) => c.placed.view.id === n.to);
  if (a === undefined || b === undefined) return;
  const [from, to] = motion.forward ? [a, b] : [b, a];
  const box = layer
    .append('rect')
    .attr('class', 'wave n-copy')
    .attr('width', 16)
    .attr('height', 12)
    .attr('rx', 3)
    .attr('x', from.x + from.w / 2 - 8)
    .attr('y', from.y + from.h / 2 - 6);
  box
    .transition()
    .duration(motion.ms * 1.3)
    .attr('x', to.x + to.w / 2 - 8)
    .attr('y', to.y + to.h / 2 - 6)
    .transition()
    .duration(120)
    .attr('opacity', 0)
    .remove();
}
