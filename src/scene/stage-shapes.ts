import type { LockView } from './lock-view.ts';
import type { NoticeShape } from './notice-place.ts';
import type { RowView } from './row-view.ts';
import type { PlacedFolio, Tie } from './shelf.ts';
import type { Box, Frame } from './stage-frame.ts';
import type { StageModel } from './stage-model.ts';

/* What stands on the stage, each thing with its place in CSS pixels. */

export interface RowShape extends Box {
  readonly key: string;
  readonly row: RowView;
  readonly focus: boolean;
}

export interface CardShape extends Box {
  readonly key: string;
  readonly placed: PlacedFolio;
}

export interface TieShape {
  readonly key: string;
  readonly d: string;
  readonly tie: Tie;
  readonly focus: boolean;
}

export interface LockShape {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly lock: LockView;
  /** text beside it, empty where the thing itself says it */
  readonly label: string;
}

/** A stretch of the address axis. */
export interface RailSpan {
  readonly key: string;
  readonly y: number;
  readonly h: number;
  readonly label: string;
  readonly sub: string;
}

export interface Rail {
  readonly box: Box;
  readonly vmas: readonly RailSpan[];
  readonly request: RailSpan;
  readonly ticks: readonly { readonly y: number; readonly page: number; readonly above: boolean }[];
  /** with the middle of their label, which makes way for pennants */
  readonly brackets: readonly (RailSpan & { readonly labelY: number })[];
  /** y of the middle of a page */
  y(page: number): number;
}

/** A table drawn as a frame with a title. */
export interface TableShape extends Box {
  readonly key: string;
  readonly level: number;
  readonly id: number;
  readonly title: string;
  readonly sub: string;
  /** no such table exists */
  readonly ghost: string;
}

export interface StageScene {
  readonly frame: Frame;
  readonly model: StageModel;
  readonly rail: Rail;
  readonly tables: readonly TableShape[];
  readonly rows: readonly RowShape[];
  /** PGD and PUD entries of the path */
  readonly upperRows: readonly (Box & { readonly key: string; readonly label: string; readonly missing: boolean })[];
  readonly strip:
    | (Box & { readonly cell: number; readonly columns: number; readonly from: number; readonly to: number })
    | undefined;
  /** a PMD leaf drawn as one 512-wide block */
  readonly block: (Box & { readonly key: string; readonly row: RowView }) | undefined;
  readonly cards: readonly CardShape[];
  readonly ties: readonly TieShape[];
  readonly locks: readonly LockShape[];
  readonly notices: readonly NoticeShape[];
  /** the path of the walk, in pieces: reached, and not yet reached */
  readonly path: readonly {
    readonly key: string;
    readonly d: string;
    readonly reached: boolean;
    readonly actor: number;
  }[];
}
