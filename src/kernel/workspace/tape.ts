import { FLOAT_BYTES } from '../kernel.js';

/** Runtimes of TensorFlow.js, of which it is known which tensors their kernels make inside. */
export type TfjsRuntime = 'tfjs-wasm' | 'tfjs-cpu' | 'tfjs-node';

const INTEGER_BYTES = 4;

/** Follows the tensors that a kernel makes and frees, operation by operation. Sizes are in bytes. */
export class Tape {
  #live = 0;
  #most = 0;

  constructor(readonly runtime: TfjsRuntime) {}

  /** The most bytes that lived at once. */
  get most(): number {
    return this.#most;
  }

  make(bytes: number): void {
    this.#live += bytes;
    this.#most = Math.max(this.#most, this.#live);
  }

  free(bytes: number): void {
    this.#live -= bytes;
  }

  /**
   * An operation with a result of so many bytes. Where native kernels read sizes, axes or places from a tensor, that is made
   * for the operation and freed after it.
   * @param integers how many numbers those are.
   */
  run(bytes: number, integers = 0): void {
    const read = this.runtime === 'tfjs-node' ? INTEGER_BYTES * integers : 0;
    this.make(read);
    this.make(bytes);
    this.free(read);
  }

  /** An operation on a map and one number, which is a tensor meanwhile. */
  withNumber(bytes: number): void {
    this.make(FLOAT_BYTES);
    this.make(bytes);
    this.free(FLOAT_BYTES);
  }

  /** Another shape, of so many dimensions, for the same memory. @returns bytes of new memory: none. */
  reshape(rank: number): 0 {
    this.run(0, rank);
    return 0;
  }

  /** Another result of as many bytes, made from one that is then freed. */
  replace(bytes: number): void {
    this.make(bytes);
    this.free(bytes);
  }

  /** Another name for a tensor of so many bytes, for which wasm copies it. @returns bytes of new memory. */
  copy(bytes: number): number {
    if (this.runtime !== 'tfjs-wasm') return 0;
    this.make(bytes);
    return bytes;
  }
}

/**
 * What a kernel of a family makes, in the order in which the runtime's function of that family makes it.
 * @returns bytes of its output; 0 where that is its input's memory under another name.
 */
export type Makes = (tape: Tape, shape: KernelShape) => number;

/** Fields of a kernel's shape, by name. */
export type KernelShape = Readonly<Record<string, number>>;

/** Bytes of a tensor of such sizes. */
export function floats(...sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, FLOAT_BYTES);
}

/** Bytes of the map that a kernel's shape begins with. */
export function mapBytes(shape: KernelShape): number {
  return floats(shape['height']!, shape['width']!, shape['channels']!);
}
