import type { Held } from '../kernel/index.js';
import type { Region } from '../network/index.js';
import type { Piece } from './plan.js';

/** Rows and columns of a piece. */
export function regionOf({ rows, columns }: Pick<Piece, 'rows' | 'columns'>): Region {
  return { rows, columns };
}

/** A piece as lowering takes it. */
export function heldOf(piece: Piece): Held {
  return { layer: piece.layer, region: regionOf(piece), dtype: piece.dtype };
}
