import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import type { MemoryPeak, Piece } from '../plan/index.js';
import type { Value } from './run-lowered.js';

/**
 * The pieces that one device holds, and how many bytes that took at the most. A piece goes when its last reader on
 * this device has read it.
 */
export class DeviceStore {
  readonly #held = new Map<Id, { readonly piece: Piece; readonly value: Value; readers: number }>();
  #activations = 0;
  #buffers = 0;
  #peak: { activations: number; buffers: number } = { activations: 0, buffers: 0 };

  constructor(
    readonly device: Id,
    /** How many times each piece will be read here. */
    private readonly readers: ReadonlyMap<Id, number>,
  ) {}

  /** Takes over a piece's value. */
  put(piece: Piece, value: Value): void {
    const readers = this.readers.get(piece.id) ?? 0;
    if (readers === 0 || this.#held.has(piece.id)) {
      free(value);
      return;
    }
    this.#held.set(piece.id, { piece, value, readers });
    this.#activations += piece.bytes;
    this.note();
  }

  /** @throws NonnError if the device does not hold the piece: the plan is wrong. */
  get(piece: Id, reader: Id): Value {
    const held = this.#held.get(piece);
    if (held === undefined)
      throw new NonnError(
        `plan: ${reader}: found that device "${this.device}" does not hold piece "${piece}", expected it there`,
      );
    return held.value;
  }

  /** Says that a reader of these pieces is done. */
  release(pieces: readonly Id[]): void {
    for (const id of pieces) {
      const held = this.#held.get(id)!;
      held.readers--;
      if (held.readers > 0) continue;
      free(held.value);
      this.#held.delete(id);
      this.#activations -= held.piece.bytes;
    }
  }

  /** Says that so many bytes of frames are held from now on; negative when they go. */
  buffer(bytes: number): void {
    this.#buffers += bytes;
    this.note();
  }

  /** Says that a task holds so many bytes more at once, inside. */
  note(transient = 0): void {
    const activations = this.#activations + transient;
    if (activations + this.#buffers > this.#peak.activations + this.#peak.buffers)
      this.#peak = { activations, buffers: this.#buffers };
  }

  /** The peak so far, beside weights of so many bytes. The process's own memory is not any one device's. */
  memory(weights: number): MemoryPeak {
    const { activations, buffers } = this.#peak;
    return {
      device: this.device,
      peak: weights + activations + buffers,
      weights,
      activations,
      buffers,
      base: null,
    };
  }

  dispose(): void {
    for (const { value } of this.#held.values()) free(value);
    this.#held.clear();
  }
}

function free(value: Value): void {
  if (!(value instanceof Uint8Array)) tf.dispose(value);
}
