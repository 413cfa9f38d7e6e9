import { actorWord } from './lock-view.ts';
import type { Notice } from './notices.ts';
import type { Recording } from '../recording/recording.ts';
import { type Box, clamp } from './stage-frame.ts';
import type { StageScene } from './stage-shapes.ts';

/** A notice's label with its place, and the point that it is about. */
export interface NoticeShape extends Box {
  readonly key: string;
  readonly notice: Notice;
  readonly at: readonly [x: number, y: number];
}

type Bare = Omit<StageScene, 'notices'>;

/** Width of a letter of the monospaced face, as a share of its size; titles in the sans face are narrower. */
const LETTER = 0.602;

/**
 * Puts the labels of a step's notices where they hide no text, as near as possible to what they are about. Where the
 * stage has no such place (a small one) they hide as little as they can.
 */
export function placeNotices(scene: Bare, recording: Recording): readonly NoticeShape[] {
  const { notices } = scene.model;
  if (notices.length === 0) return [];
  const taken = [...textBoxes(scene, recording)];
  return notices.flatMap((notice, i): NoticeShape[] => {
    const at = aboutOf(notice, scene);
    if (at === undefined) return [];
    const size = scene.frame.font * 0.9;
    const box = nearestFree(at, notice.label.length * size * LETTER + 16, size * 1.7, scene.frame, taken);
    taken.push(box);
    return [{ ...box, key: `${notice.kind}:${i}`, notice, at }];
  });
}

/** The point a notice is about. */
function aboutOf(n: Notice, s: Bare): readonly [number, number] | undefined {
  const { frame: f, rail } = s;
  const row = s.rows.find((r) => r.focus && r.row.level === 1) ?? s.rows.find((r) => r.focus) ?? s.block;
  const card = s.cards.find((c) => c.placed.view.id === n.folio);
  const bars = rail.box.x + rail.box.w;
  switch (n.kind) {
    case 'flush':
    case 'notifier':
      return [bars, clamp(f.head, rail.y((n.start + n.end - 1) / 2), f.h - 16)];
    case 'callback':
    case 'retry':
      return [f.device.x + f.device.w / 2, f.device.y + f.font];
    case 'copy': {
      const to = s.cards.find((c) => c.placed.view.id === n.to);
      return card === undefined || to === undefined ? undefined : [(card.x + card.w + to.x) / 2, card.y + card.h / 2];
    }
    case 'refused':
      return card === undefined ? undefined : [card.x + card.w, card.y + Math.min(card.h / 2, f.font * 1.7)];
    case 'split':
      return [f.pte.x + f.pte.w / 2, f.strip.y + f.strip.h + 4];
    case 'fault':
    case 'blocked':
    case 'finding':
      return row === undefined ? [bars, f.pte.y + f.font] : [row.x + row.w, row.y + row.h / 2];
    default:
      return undefined;
  }
}

/** Everything on the stage that is to be read, as boxes. */
function* textBoxes(s: Bare, recording: Recording): Generator<Box> {
  const { frame: f, rail } = s;
  const { font } = f;
  yield* s.rows;
  yield* s.cards;
  yield* s.upperRows;
  const words = (x: number, y: number, text: string, size: number): Box => ({
    x,
    y: y - size * 0.85,
    w: text.length * size * LETTER,
    h: size * 1.1,
  });
  for (const t of s.tables) {
    yield words(t.x, t.y - font * 1.65, t.title, font * 1.05);
    yield { x: t.x, y: t.y - font * 1.3, w: t.w, h: t.sub === '' ? 0 : font };
    if (t.ghost !== '') yield { x: t.x + 10, y: t.y + t.h / 2 - font, w: t.w - 20, h: font * 2 };
  }
  for (const column of [rail.box, f.system, f.device]) yield { x: column.x, y: 0, w: column.w, h: f.head };
  if (s.block !== undefined) yield { ...s.block, y: f.strip.y + f.strip.h + font, h: s.block.h - f.strip.h - font * 2 };
  for (const empty of [f.system, f.device])
    if (!s.cards.some((c) => c.x === empty.x)) yield { x: empty.x, y: empty.y + font, w: empty.w, h: font * 1.6 };
  // The bars of the axis with what is written on them and beside them.
  const beside = rail.brackets.length * 16 + 14;
  yield { ...rail.box, w: rail.box.w * (f.narrow ? 1 : 0.58) + beside, h: f.h - rail.box.y };
  for (const c of s.model.cursors) {
    const w = Math.min(9, actorWord(recording, c.actor).length) * font * 0.86 * LETTER + 14;
    yield { x: rail.box.x + rail.box.w * 0.58, y: rail.y(c.page) - font, w, h: font * 2 };
  }
  for (const lock of s.locks) {
    const waiters = lock.lock.waiters.length * 15;
    const label = lock.label === '' ? 0 : (lock.label.length + 7) * 10 * LETTER;
    const scale = font / 12;
    yield {
      x: lock.x - (9 + waiters) * scale,
      y: lock.y - 11 * scale,
      w: (18 + waiters + label) * scale,
      h: 21 * scale,
    };
  }
}

/** Least distance of a label from any text, px. */
const MARGIN = 3;

/** The place for a label of w × h that covers the least of `taken`, and of those the nearest to the point. */
function nearestFree(
  [ax, ay]: readonly [number, number],
  w: number,
  h: number,
  f: { readonly w: number; readonly h: number; readonly font: number },
  taken: readonly Box[],
): Box {
  const stride = f.font * 0.6;
  let best: Box = { x: clamp(4, ax - w / 2, f.w - w - 4), y: clamp(4, ay - h / 2, f.h - h - 4), w, h };
  let bestCover = covered(best, taken);
  let bestAway = 0;
  for (let y = 4; y + h <= f.h - 4; y += stride)
    for (let x = 4; x + w <= f.w - 4; x += stride) {
      const away = distance(ax, ay, x, y, w, h);
      if (bestCover === 0 && away >= bestAway) continue;
      const box = { x, y, w, h };
      const cover = covered(box, taken);
      if (cover > bestCover || (cover === bestCover && away >= bestAway)) continue;
      [best, bestCover, bestAway] = [box, cover, away];
    }
  return best;
}

/** How far the point is from a box; upwards and downwards counts double, so that a label stays in its line. */
const distance = (ax: number, ay: number, x: number, y: number, w: number, h: number): number =>
  Math.hypot(Math.max(x - ax, 0, ax - x - w), 2 * Math.max(y - ay, 0, ay - y - h));

/** Area of the boxes that a label with its margin covers, in square pixels. */
function covered(b: Box, taken: readonly Box[]): number {
  let sum = 0;
  for (const t of taken) {
    const w = Math.min(b.x + b.w + MARGIN, t.x + t.w) - Math.max(b.x - MARGIN, t.x);
    if (w <= 0) continue;
    const h = Math.min(b.y + b.h + MARGIN, t.y + t.h) - Math.max(b.y - MARGIN, t.y);
    if (h > 0) sum += w * h;
  }
  return sum;
}
