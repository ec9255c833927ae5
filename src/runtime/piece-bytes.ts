import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import { contains, lengthOf } from '../network/index.js';
import { type Piece, regionOf } from '../plan/index.js';
import type { FramePiece } from './frame.js';
import { assemble, assembleBytes, type BytePart, type Part } from './kernels/index.js';
import type { Value } from './run-lowered.js';

/** A piece together with its value on a device. */
export interface HeldPiece {
  readonly piece: Piece;
  readonly value: Value;
}

/**
 * Bytes of a piece, cut out of (or joined from) pieces of the same layer that a device holds.
 * @throws NonnError if they do not hold it.
 */
export function bytesOfPiece(wanted: Piece, held: readonly HeldPiece[]): Uint8Array {
  const sources = held.filter(
    ({ piece }) =>
      piece.network === wanted.network && piece.layer === wanted.layer && piece.dtype === wanted.dtype,
  );
  const whole = sources.find(({ piece }) => contains(regionOf(piece), regionOf(wanted)));
  const parts: Part[] = [];
  const byteParts: BytePart[] = [];
  for (const { piece, value } of whole === undefined ? sources : [whole]) {
    const region = regionOf(piece);
    if (value instanceof Uint8Array) byteParts.push({ region, bytes: value });
    else parts.push({ region, map: value });
  }
  if (byteParts.length > 0) return assembleBytes(byteParts, regionOf(wanted), lengthOf(wanted.channels));
  if (parts.length === 0)
    throw new NonnError(
      `plan: found no piece of "${wanted.layer}" to cut "${wanted.id}" out of, expected one among what is read`,
    );
  // Not inside a tidy: that looks through all it returns for tensors, number by number.
  const map = assemble(parts, regionOf(wanted));
  const numbers = map.dataSync() as Float32Array;
  map.dispose();
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** The value of a piece that a frame brought; a map is a new tensor that belongs to the caller. */
export function valueOfFrame({ dtype, rows, columns, channels, data }: FramePiece): Value {
  if (dtype === 'uint8') return data;
  if (dtype !== 'float32')
    throw new NonnError(
      `frame: found a piece of ${dtype}, expected float32 or uint8, which kernels here read`,
    );
  // A view needs its numbers at multiples of four bytes.
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  const numbers = new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
  return tf.tensor4d(numbers, [1, lengthOf(rows), lengthOf(columns), lengthOf(channels)]);
}
