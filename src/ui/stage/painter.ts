import { select, type Selection } from 'd3';
import { actorWord } from '../../scene/lock-view.ts';
import type { StageScene } from '../../scene/stage-shapes.ts';
import { addressText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { paintBlock } from './paint/block.ts';
import { paintCards, paintTies } from './paint/cards.ts';
import { paintCursors } from './paint/cursors.ts';
import { paintPath, paintRail, paintStrip, paintTables, paintUpper } from './paint/ground.ts';
import { paintLocks } from './paint/locks.ts';
import type { Motion } from './paint/motion.ts';
import { paintNotices } from './paint/notices.ts';
import { paintRows } from './paint/rows.ts';

/** Layers from back to front. */
const LAYERS = [
  'rail',
  'path',
  'tables',
  'upper',
  'strip',
  'block',
  'ties',
  'rows',
  'cards',
  'locks',
  'cursors',
  'notices',
] as const;
type LayerName = (typeof LAYERS)[number];
type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Puts scenes on an SVG group it is handed, and remembers the last one so that only what changes moves. */
export class StagePainter {
  private readonly layers: Readonly<Record<LayerName, Layer>>;
  private readonly heads: Layer;
  private last: StageScene | undefined;
  private headsShown = '';

  constructor(root: SVGGElement) {
    const g = select(root);
    g.selectAll('*').remove();
    this.heads = g.append('g').attr('class', 'heads');
    this.layers = Object.fromEntries(
      LAYERS.map((name) => [name, g.append('g').attr('class', name)]),
    ) as unknown as Record<LayerName, Layer>;
  }

  /** Draws `scene` of `recording`; moves take the time that `motion` says. */
  draw(recording: Recording, scene: StageScene, motion: Motion): void {
    const { layers, last } = this;
    const name = (actor: number): string => actorWord(recording, actor);
    const holders = new Map(
      scene.model.locks.filter((l) => l.kind === 'table' && l.holder >= 0).map((l) => [l.id, name(l.holder)]),
    );
    this.paintHeads(scene);
    paintRail(layers.rail, scene, motion, (page) => addressText(recording, page));
    paintTables(layers.tables, scene, motion, (table) => holders.get(table) ?? '');
    paintUpper(layers.upper, scene);
    paintStrip(layers.strip, scene);
    paintBlock(layers.block, scene, last, motion);
    paintPath(layers.path, scene, motion);
    paintRows(layers.rows, scene, motion);
    paintTies(layers.ties, scene, motion);
    paintCards(layers.cards, scene, last, motion);
    paintLocks(layers.locks, scene, motion);
    paintCursors(layers.cursors, scene, motion, name);
    paintNotices(layers.notices, scene, last, motion);
    this.last = scene;
  }

  /** Titles of the columns that are no tables, and what an empty column means. */
  private paintHeads(scene: StageScene): void {
    const { frame: f, model } = scene;
    const empty = (column: 'system' | 'device'): boolean => model.folios.every((p) => p.column !== column);
    const heads = [
      { key: 'rail', x: f.rail.x, y: f.head - f.font * 1.65, cls: 'title', text: f.narrow ? '' : 'Addresses' },
      {
        key: 'system',
        x: f.system.x,
        y: f.head - f.font * 1.65,
        cls: 'title',
        text: f.system.w < f.font * 8.5 ? 'RAM' : 'System RAM',
      },
      {
        key: 'device',
        x: f.device.x,
        y: f.head - f.font * 1.65,
        cls: 'title',
        text: f.device.w < f.font * 8.5 ? 'Device' : 'Device memory',
      },
      { key: 'system-sub', x: f.system.x, y: f.head - f.font * 0.5, cls: 'sub', text: f.narrow ? '' : 'folios' },
      {
        key: 'device-sub',
        x: f.device.x,
        y: f.head - f.font * 0.5,
        cls: 'sub',
        text: f.narrow ? '' : model.unplaced > 0 ? `and ${model.unplaced} more` : 'folios',
      },
      {
        key: 'system-none',
        x: f.system.x + 8,
        y: f.system.y + f.font * 2,
        cls: 'nothing',
        text: empty('system') ? 'no page here' : '',
      },
      {
        key: 'device-none',
        x: f.device.x + 8,
        y: f.device.y + f.font * 2,
        cls: 'nothing',
        text: empty('device') ? 'nothing here' : '',
      },
    ];
    const words = heads.map((d) => `${d.x} ${d.y} ${d.text}`).join('|');
    if (words === this.headsShown) return;
    this.headsShown = words;
    this.heads
      .selectAll<SVGTextElement, (typeof heads)[number]>('text')
      .data(heads, (d) => d.key)
      .join('text')
      .attr('class', (d) => d.cls)
      .attr('x', (d) => d.x)
      .attr('y', (d) => d.y)
      .attr('font-size', (d) => (d.cls === 'title' ? f.font * 1.05 : f.font * 0.86))
      .text((d) => d.text);
    this.heads
      .selectAll('path.memory')
      .data([f.system, f.device])
      .join('path')
      .attr('class', 'memory')
      .attr('d', (b) => `M${b.x - 8} ${b.y}V${b.y + b.h}`);
  }
}
