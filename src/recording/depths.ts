import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

/** Steps that are summed up in one value. */
export const DEPTH_BLOCK = 256;

/** By actor: the deepest call of each DEPTH_BLOCK steps, 0 where the actor does not run in them. */
export const depthTable = new Derived<readonly Uint8Array[]>((rec) => {
  const { actor, depth } = rec.machine.log;
  const blocks = rec.actors.map(() => new Uint8Array(Math.ceil(rec.length / DEPTH_BLOCK)));
  for (let i = 0; i < rec.length; i++) {
    const of = blocks[actor[i] as number];
    const block = Math.floor(i / DEPTH_BLOCK);
    if (of !== undefined && (of[block] as number) < (depth[i] as number)) of[block] = depth[i] as number;
  }
  return blocks;
});

/** The deepest call of each DEPTH_BLOCK steps of an actor. */
export function depthBlocks(rec: Recording, actor: number): Uint8Array {
  return depthTable.of(rec)[actor] ?? new Uint8Array(0);
}
