import * as tf from '@tensorflow/tfjs-core';
import { type Backend, use } from './backend.js';

/** Bytes of the memory that a backend holds for tensors. */
export interface TensorWatch {
  /** Held now, of what was made since the watch began. */
  readonly live: number;
  /** Held at once at most since the watch began, or since `restart`. */
  readonly peak: number;
  /** Lets the peak begin anew, at what is held now. */
  restart(): void;
  /** Leaves the backend as it was. */
  stop(): void;
}

/** What backends know of a tensor's numbers, under a key of its own: see the storages of the three backends. */
interface Stored {
  readonly shape?: readonly number[];
  readonly values?: ArrayLike<unknown> | null;
}

interface Storage {
  set(key: object, stored: Stored): void;
  delete(key: object): boolean;
}

/** What of the three backends is watched; `tensorMap` and the operations are tfjs-node's. */
interface Watched {
  readonly data?: Storage;
  readonly dataIdMap?: Storage;
  readonly tensorMap?: Storage;
  executeSingleOutput?(name: string, attributes: Attribute[], inputs: tf.TensorInfo[]): tf.TensorInfo;
}

interface Attribute {
  readonly name: string;
  readonly value: unknown;
}

/** Memory that is freed with the last of its names. */
interface Buffer {
  readonly bytes: number;
  names: number;
}

/**
 * Watches which memory a backend takes for tensors: everything that it stores under a key, also inside of a kernel, in numbers
 * of four bytes. Clones that share a key count once, and so do native tensors of another shape or equal type, which
 * TensorFlow makes without a copy. Only tensors that are made while it watches are seen.
 */
export function watchTensors(backend: Backend): TensorWatch {
  use(backend);
  const watched = tf.backend() as unknown as Watched;
  const storage = watched.tensorMap ?? watched.dataIdMap ?? watched.data!;
  const { executeSingleOutput } = watched;
  const buffers = new Map<object, Buffer>();
  let renamed: Buffer | undefined;
  let live = 0;
  let peak = 0;
  const own = { set: storage.set, delete: storage.delete };
  storage.set = (key, stored) => {
    if (!buffers.has(key)) {
      const buffer = renamed ?? { bytes: bytesOf(stored), names: 0 };
      if (buffer.names === 0) live += buffer.bytes;
      buffer.names++;
      buffers.set(key, buffer);
      peak = Math.max(peak, live);
    }
    own.set.call(storage, key, stored);
  };
  storage.delete = (key) => {
    const buffer = buffers.get(key);
    if (buffer !== undefined && --buffer.names === 0) live -= buffer.bytes;
    buffers.delete(key);
    return own.delete.call(storage, key);
  };
  if (executeSingleOutput !== undefined)
    watched.executeSingleOutput = (name, attributes, inputs) => {
      if (isRenaming(name, attributes)) renamed = buffers.get(inputs[0]!.dataId);
      try {
        return executeSingleOutput.call(watched, name, attributes, inputs);
      } finally {
        renamed = undefined;
      }
    };
  return {
    get live() {
      return live;
    },
    get peak() {
      return peak;
    },
    restart() {
      peak = live;
    },
    stop() {
      Object.assign(storage, own);
      if (executeSingleOutput !== undefined) watched.executeSingleOutput = executeSingleOutput;
    },
  };
}

function bytesOf({ shape, values }: Stored): number {
  const elements = shape === undefined ? values!.length : shape.reduce((product, size) => product * size, 1);
  return 4 * elements;
}

/** Whether an operation of TensorFlow gives the same memory another shape, or the type that it has. */
function isRenaming(name: string, attributes: readonly Attribute[]): boolean {
  const type = (of: string) => attributes.find((attribute) => attribute.name === of)?.value;
  return name === 'Reshape' || (name === 'Cast' && type('SrcT') === type('DstT'));
}
