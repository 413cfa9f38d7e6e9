import { select, type Selection } from 'd3';
import { actorMark } from '../../../scene/lock-view.ts';
import type { LockShape, StageScene } from '../../../scene/stage-shapes.ts';
import { type Motion, at, glide, joinBy } from './motion.ts';
import { type Shape, put } from './shapes.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;
type Node = SVGGElement & { shown?: string };

const SHACKLE = 'M-4.2 -1.5V-5a4.2 4.2 0 0 1 8.4 0V-1.5';
const SHACKLE_OPEN = 'M-4.2 -1.5V-6.5a4.2 4.2 0 0 1 8.4 0V-5.4';

/** Draws the locks on the things they protect, with holder, waiters, and a refusal of this very step. */
export function paintLocks(layer: Layer, scene: StageScene, motion: Motion): void {
  const scale = scene.frame.font / 12;
  const locks = layer.selectAll<Node, LockShape>('g.lock').data(scene.locks, joinBy(motion));
  const entering = locks
    .enter()
    .append('g')
    .attr('opacity', motion.ms === 0 ? 1 : 0)
    .attr(
      'transform',
      (d) => `${at(d.x, d.y - (motion.ms === 0 ? 0 : 10))} scale(${scale * (motion.ms === 0 ? 1 : 1.5)})`,
    ) as Selection<Node, LockShape, SVGGElement, unknown>;
  const all = entering.merge(locks);
  all.each(function (d) {
    const { lock } = d;
    const signature = `${lock.holder} ${lock.mode} ${lock.readers} ${lock.waiters.join()} ${lock.refused} ${d.label}`;
    if (this.shown !== signature) {
      this.shown = signature;
      this.setAttribute('class', `lock a-${actorClass(lock.holder)} m-${lock.mode}${lock.refused ? ' refused' : ''}`);
      put(this, lockShapes(d));
    }
    if (lock.refused && motion.ms > 0) shake(this, motion);
  });
  glide(all, { transform: (d) => `${at(d.x, d.y)} scale(${scale})`, opacity: 1 }, motion);
  const gone = locks.exit<LockShape>();
  if (motion.ms === 0) gone.interrupt('glide').remove();
  else {
    gone.select('path').attr('d', SHACKLE_OPEN);
    gone
      .transition('glide')
      .duration(motion.ms)
      .attr('transform', (d) => `${at(d.x, d.y - 8)} scale(${scale})`)
      .attr('opacity', 0)
      .remove();
  }
}

/** Class of an actor's colour: 0 … 3, x for somebody outside, n for nobody in particular. */
export function actorClass(actor: number): string {
  if (actor < 0) return 'n';
  return actor > 99 ? 'x' : String(actor % 4);
}

function lockShapes(d: LockShape): readonly Shape[] {
  const { lock } = d;
  const mark = lock.holder >= 0 ? actorMark(lock.holder) : lock.mode === 'read' ? `×${lock.readers}` : '';
  const middle = { 'text-anchor': 'middle', 'dominant-baseline': 'central' } as const;
  const mode = lock.mode === 'read' ? 'read' : lock.mode === 'free' ? '' : 'write';
  return [
    { tag: 'path', attrs: { class: 'shackle', d: lock.mode === 'free' ? SHACKLE_OPEN : SHACKLE } },
    { tag: 'rect', attrs: { class: 'body', x: -7, y: -2, width: 14, height: 11, rx: 2.5 } },
    { tag: 'text', attrs: { class: 'mark', y: 3.8, 'font-size': 9, ...middle }, text: mark },
    {
      tag: 'text',
      attrs: { class: 'label', x: 11, y: 4, 'font-size': 10, 'dominant-baseline': 'central' },
      text: d.label === '' ? '' : `${d.label} ${mode}`,
    },
    ...lock.waiters.map(
      (actor, i): Shape => ({
        tag: 'g',
        attrs: { class: `waiter a-${actorClass(actor)}`, transform: at(-16 - i * 15, 3) },
        inside: [
          { tag: 'circle', attrs: { r: 6.5 } },
          { tag: 'text', attrs: { 'font-size': 9, ...middle }, text: actorMark(actor) },
        ],
      }),
    ),
  ];
}

/** A trylock that bounces off. */
function shake(node: Node, motion: Motion): void {
  const inner = select(node).selectAll<SVGElement, unknown>('path,rect,text.mark');
  inner
    .interrupt('shake')
    .transition('shake')
    .duration(Math.max(motion.ms, 240))
    .attrTween('transform', () => (t) => `translate(${Math.sin(t * Math.PI * 5) * 3.5 * (1 - t)},0)`);
}
