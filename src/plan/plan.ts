import type { Id, Range, Work } from '../kernel/index.js';

/** Element type of a piece; `uint8` holds an image as it comes from a camera, decoded as value / 255. */
export type DataType = 'float32' | 'int8' | 'uint8';

/**
 * Part of a layer's output: `[rows, columns, channels]`, each a half-open range of the undivided output.
 * A flat layer (dense, flatten) has one row and one column.
 */
export interface Piece {
  readonly id: Id;
  readonly network: Id;
  readonly layer: Id;
  readonly rows: Range;
  readonly columns: Range;
  readonly channels: Range;
  readonly dtype: DataType;
  /** Bytes of its elements. */
  readonly bytes: number;
}

/** Where a task runs: on a device, or in a pool, from which other devices may steal it. */
export type Place = { readonly device: Id } | { readonly pool: Id; readonly home: Id };

/**
 * A piece of work that runs without interruption.
 *
 * A task of kind `kernels` computes the pieces that it `writes` from the pieces that it `reads` (and from
 * weights that are resident on the device): exactly the kernels that lowering gives for that demand.
 * A task of kind `encode` cuts the pieces that it writes out of those that it reads and serialises them;
 * a task of kind `decode` reads the pieces of one message.
 */
export interface Task {
  readonly id: Id;
  readonly work: Work;
  readonly reads: readonly Id[];
  readonly writes: readonly Id[];
  /** Tasks and messages that must have finished; those without any wait for the arrival of the input only. */
  readonly after: readonly Id[];
  readonly place: Place;
  /**
   * Bytes that live at once, at the most, inside a task of kind `kernels`, beyond the pieces that it reads and
   * writes: activations between its kernels. Absent counts as 0.
   */
  readonly transientBytes?: number;
}

/** Pieces that go from one device to another in one write. */
export interface Message {
  readonly id: Id;
  readonly from: Id;
  readonly to: Id;
  readonly pieces: readonly Id[];
  /** Bytes of the pieces. */
  readonly payloadBytes: number;
  /** Payload and header of nonn's frame: what is handed to the transport. */
  readonly frameBytes: number;
  readonly after: readonly Id[];
}

/** Tasks that idle devices may take from each other through a coordinator. */
export interface Pool {
  readonly id: Id;
  readonly coordinator: Id;
  readonly thieves: readonly Id[];
  readonly requestBytes: number;
}

/** Weights that a device holds throughout. */
export interface Resident {
  readonly device: Id;
  readonly network: Id;
  readonly layers: readonly Id[];
  readonly bytes: number;
}

/**
 * What every strategy compiles to: tasks on devices, messages between them, and what each device holds.
 * The order of tasks and messages is the order of the file, which breaks ties.
 */
export interface Plan {
  readonly version: 1;
  readonly strategy: string;
  readonly devices: readonly Id[];
  readonly pieces: readonly Piece[];
  readonly tasks: readonly Task[];
  readonly messages: readonly Message[];
  readonly pools: readonly Pool[];
  /** The input's piece, and the device where it arrives; absent for plans of kind `flops`. */
  readonly input?: { readonly piece: Id; readonly device: Id };
  /** `everyDevice`: the input's piece is on every device when it arrives, and no message carries it. */
  readonly inputAt?: 'source' | 'everyDevice';
  /** The output's piece, and the device where it is wanted. */
  readonly output?: { readonly piece: Id; readonly device: Id };
  readonly resident: readonly Resident[];
}

/** Bytes of nonn's frame around the pieces of a message: a fixed header and a header a piece. */
export function frameBytes(payloadBytes: number, pieces: number): number {
  return payloadBytes + FRAME_HEADER_BYTES + pieces * PIECE_HEADER_BYTES;
}

/** Magic, version, flags, plan hash, inference, message number, length, checksum. */
export const FRAME_HEADER_BYTES = 32;
/** Piece number, data type, six bounds, length. */
export const PIECE_HEADER_BYTES = 36;
