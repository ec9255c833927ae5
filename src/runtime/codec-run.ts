import * as tf from '@tensorflow/tfjs-core';
import { FRAME_HEADER_BYTES, PIECE_HEADER_BYTES, type Piece } from '../plan/index.js';
import { decodeFrame, encodeFrame } from './frame.js';
import type { KernelRun } from './kernel-run.js';
import { bytesOfPiece, valueOfFrame } from './piece-bytes.js';

/**
 * Prepares the encoding or decoding of a frame of about so many bytes, with one piece of numbers in it, as execution
 * does both. What is encoded is cut out of a larger map first, as borders of strips are.
 */
export function prepareCodec(kind: 'encode' | 'decode', bytes: number): KernelRun {
  const elements = Math.max(1, Math.round((bytes - FRAME_HEADER_BYTES - PIECE_HEADER_BYTES) / 4));
  const piece: Piece = {
    id: 'piece',
    network: 'network',
    layer: 'layer',
    rows: [0, 1],
    columns: [0, elements],
    channels: [0, 1],
    dtype: 'float32',
    bytes: 4 * elements,
  };
  const whole: Piece = { ...piece, id: 'whole', rows: [0, 2], bytes: 2 * piece.bytes };
  const map = tf.fill([1, 2, elements, 1], 0.5) as tf.Tensor4D;
  const encode = () => {
    const { dtype, rows, columns, channels } = piece;
    const data = bytesOfPiece(piece, [{ piece: whole, value: map }]);
    return encodeFrame({
      plan: '0'.repeat(16),
      inference: 0,
      message: 0,
      pieces: [{ number: 0, dtype, rows, columns, channels, data }],
    });
  };
  const frame = encode();
  const decode = () => {
    for (const part of decodeFrame(frame).pieces) {
      const value = valueOfFrame(part);
      if (!(value instanceof Uint8Array)) value.dispose();
    }
  };
  return { run: kind === 'encode' ? encode : decode, dispose: () => map.dispose() };
}
