import { NonnError } from '../foundation/index.js';
import type { Range } from '../kernel/index.js';
import { type DataType, FRAME_HEADER_BYTES, PIECE_HEADER_BYTES } from '../plan/index.js';
import { crc32 } from './checksum.js';

/**
 * A frame is what one message hands to the transport in one write. All numbers are little-endian and unsigned.
 *
 *     header     4 "NONN" | 2 version | 2 number of pieces | 8 plan hash | 4 inference | 4 message | 4 length of what follows | 4 CRC-32 of it
 *     a piece    4 number | 4 data type | 6 x 4 rows, columns, channels | 4 length of its data         (all pieces' headers, then all their data)
 */
export interface Frame {
  /** Sixteen hexadecimal digits. */
  readonly plan: string;
  readonly inference: number;
  /** Number of the message in the plan. */
  readonly message: number;
  readonly pieces: readonly FramePiece[];
}

export interface FramePiece {
  /** Number of the piece in the plan. */
  readonly number: number;
  readonly dtype: DataType;
  readonly rows: Range;
  readonly columns: Range;
  readonly channels: Range;
  /** Its elements as bytes, row by row, pixel by pixel, channel by channel. */
  readonly data: Uint8Array;
}

const MAGIC = 0x4e4e4f4e; // "NONN"
const VERSION = 1;
const dataTypes: readonly DataType[] = ['float32', 'int8', 'uint8'];

/** Serialises a frame. */
export function encodeFrame(frame: Frame): Uint8Array {
  const { pieces } = frame;
  const payload = pieces.reduce((sum, piece) => sum + piece.data.length, 0);
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + pieces.length * PIECE_HEADER_BYTES + payload);
  const view = new DataView(bytes.buffer);
  let data = FRAME_HEADER_BYTES + pieces.length * PIECE_HEADER_BYTES;
  for (const [index, piece] of pieces.entries()) {
    const at = FRAME_HEADER_BYTES + index * PIECE_HEADER_BYTES;
    const bounds = [...piece.rows, ...piece.columns, ...piece.channels];
    const fields = [piece.number, dataTypes.indexOf(piece.dtype), ...bounds, piece.data.length];
    for (const [field, value] of fields.entries()) view.setUint32(at + 4 * field, value, true);
    bytes.set(piece.data, data);
    data += piece.data.length;
  }
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, pieces.length, true);
  for (let index = 0; index < 8; index++)
    view.setUint8(8 + index, Number.parseInt(frame.plan.slice(2 * index, 2 * index + 2), 16));
  view.setUint32(16, frame.inference, true);
  view.setUint32(20, frame.message, true);
  view.setUint32(24, bytes.length - FRAME_HEADER_BYTES, true);
  view.setUint32(28, crc32(bytes.subarray(FRAME_HEADER_BYTES)), true);
  return bytes;
}

/**
 * Reads a frame from any bytes. The data of its pieces are views, not copies.
 * @throws NonnError that says what is wrong with the bytes.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < FRAME_HEADER_BYTES)
    throw wrong(`${bytes.length} bytes`, `at least a header of ${FRAME_HEADER_BYTES}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw wrong('bytes that do not start with "NONN"', 'a frame');
  const version = view.getUint16(4, true);
  if (version !== VERSION) throw wrong(`version ${version}`, `version ${VERSION}`);
  const body = bytes.subarray(FRAME_HEADER_BYTES);
  const length = view.getUint32(24, true);
  if (length !== body.length) throw wrong(`${body.length} bytes after the header`, `${length}`);
  if (crc32(body) !== view.getUint32(28, true))
    throw wrong('a checksum that does not fit', 'the bytes that were sent');
  const plan = Array.from(bytes.subarray(8, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    plan,
    inference: view.getUint32(16, true),
    message: view.getUint32(20, true),
    pieces: decodePieces(bytes, view, view.getUint16(6, true)),
  };
}

function decodePieces(bytes: Uint8Array, view: DataView, count: number): FramePiece[] {
  let data = FRAME_HEADER_BYTES + count * PIECE_HEADER_BYTES;
  if (data > bytes.length)
    throw wrong(`${bytes.length} bytes`, `room for the headers of ${count} pieces (${data})`);
  const pieces: FramePiece[] = [];
  for (let index = 0; index < count; index++) {
    const at = FRAME_HEADER_BYTES + index * PIECE_HEADER_BYTES;
    const field = (position: number) => view.getUint32(at + 4 * position, true);
    const range = (position: number): Range => [field(position), field(position + 1)];
    const dtype = dataTypes[field(1)];
    if (dtype === undefined) throw wrong(`data type ${field(1)}`, `one of 0 to ${dataTypes.length - 1}`);
    const [rows, columns, channels] = [range(2), range(4), range(6)];
    const elements = [rows, columns, channels].reduce((product, [from, to]) => product * (to - from), 1);
    if ([rows, columns, channels].some(([from, to]) => from >= to))
      throw wrong(`an empty piece ${rows}, ${columns}, ${channels}`, 'ranges that hold something');
    const length = field(8);
    if (length !== elements * (dtype === 'float32' ? 4 : 1))
      throw wrong(`${length} bytes for ${elements} elements of ${dtype}`, 'their size');
    if (data + length > bytes.length) throw wrong(`${bytes.length} bytes`, `at least ${data + length}`);
    pieces.push({
      number: field(0),
      dtype,
      rows,
      columns,
      channels,
      data: bytes.subarray(data, data + length),
    });
    data += length;
  }
  if (data !== bytes.length) throw wrong(`${bytes.length - data} bytes after the last piece`, 'none');
  return pieces;
}

function wrong(found: string, expected: string): NonnError {
  return new NonnError(`frame: found ${found}, expected ${expected}`);
}
