import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import type { Id, Kernel } from '../kernel/index.js';
import type { Message, Piece, Plan, Task } from '../plan/index.js';
import { DeviceStore } from './device-store.js';
import { decodeFrame, encodeFrame } from './frame.js';
import { quantise } from './kernels/index.js';
import type { LoadedNetwork } from './loaded-network.js';
import { bytesOfPiece, valueOfFrame } from './piece-bytes.js';
import { deviceOf, known, type PreparedTask } from './prepare.js';
import { runLowered, type Value } from './run-lowered.js';

/** What stays the same from one run of a plan to the next. */
export interface PlanContext {
  readonly plan: Plan;
  readonly hash: string;
  readonly pieces: ReadonlyMap<Id, Piece>;
  readonly pieceNumbers: ReadonlyMap<Id, number>;
  /** Tasks of kind `kernels`. */
  readonly tasks: ReadonlyMap<Id, PreparedTask>;
  readonly networks: ReadonlyMap<Id, LoadedNetwork>;
  readonly readers: ReadonlyMap<Id, ReadonlyMap<Id, number>>;
  /** Messages that wait for a task, and those that a task waits for. */
  readonly outgoing: ReadonlyMap<Id, readonly Message[]>;
  readonly incoming: ReadonlyMap<Id, readonly Message[]>;
  readonly messageNumbers: ReadonlyMap<Id, number>;
}

/** One inference: the pieces that each device holds, and the frames between them. */
export class PlanRun {
  readonly kernelsRun = new Map<Id, readonly Kernel[]>();
  readonly #stores: ReadonlyMap<Id, DeviceStore>;
  readonly #frames = new Map<Id, Uint8Array>();

  constructor(private readonly context: PlanContext) {
    const { plan, readers } = context;
    this.#stores = new Map(plan.devices.map((id) => [id, new DeviceStore(id, readers.get(id)!)]));
  }

  /** Puts the input where it arrives; numbers become bytes at the door where the piece holds bytes. */
  arrive(numbers: Float32Array, shape: readonly [number, number, number]): void {
    const { plan, pieces } = this.context;
    const piece = known(pieces, plan.input!.piece, 'input');
    for (const device of plan.inputAt === 'everyDevice' ? plan.devices : [plan.input!.device]) {
      const value = piece.dtype === 'uint8' ? quantise(numbers) : tf.tensor4d(numbers, [1, ...shape]);
      this.#store(device).put(piece, value);
    }
  }

  /** Runs a task to its end. */
  work(task: Task): void {
    const store = this.#store(deviceOf(task));
    switch (task.work.kind) {
      case 'kernels':
        this.#compute(task, store);
        break;
      case 'encode':
        this.#encode(task, store);
        break;
      case 'decode':
        this.#decode(task, store);
        break;
      case 'flops':
        throw new NonnError(
          `plan: ${task.id}: found work of bare FLOP, expected kernels, which can be executed`,
        );
    }
  }

  /** Hands a frame over. */
  deliver(message: Message): void {
    const frame = this.#frame(message);
    this.#store(message.from).buffer(-frame.length);
    this.#store(message.to).buffer(frame.length);
  }

  /** The output's numbers, read where it is wanted. */
  output(): Float32Array {
    const { piece, device } = this.context.plan.output!;
    const value = this.#store(device).get(piece, 'output');
    if (value instanceof Uint8Array)
      throw new NonnError(`plan: found the output piece "${piece}" in bytes, expected numbers`);
    return value.dataSync() as Float32Array;
  }

  stores(): Iterable<DeviceStore> {
    return this.#stores.values();
  }

  dispose(): void {
    for (const store of this.#stores.values()) store.dispose();
    this.#frames.clear();
  }

  #compute(task: Task, store: DeviceStore): void {
    const { lowered, network, reads, writes } = this.context.tasks.get(task.id)!;
    const values = reads.map(({ id }): Value => store.get(id, task.id));
    const ran: Kernel[] = [];
    store.note(lowered.transientBytes);
    const loaded = this.context.networks.get(network.id)!;
    const made = runLowered(lowered, values, loaded, (kernel) => ran.push(kernel));
    for (const [index, piece] of writes.entries()) store.put(piece, made[index]!);
    store.release(task.reads);
    this.kernelsRun.set(task.id, ran);
  }

  /** Cuts and serialises what the messages that wait for this task carry. */
  #encode(task: Task, store: DeviceStore): void {
    const { pieces, pieceNumbers, messageNumbers, hash, outgoing } = this.context;
    const held = task.reads.map((id) => ({
      piece: known(pieces, id, task.id),
      value: store.get(id, task.id),
    }));
    for (const message of outgoing.get(task.id) ?? []) {
      const parts = message.pieces.map((id) => {
        const piece = known(pieces, id, message.id);
        const { dtype, rows, columns, channels } = piece;
        const data = bytesOfPiece(piece, held);
        return { number: pieceNumbers.get(id)!, dtype, rows, columns, channels, data };
      });
      const number = messageNumbers.get(message.id)!;
      const frame = encodeFrame({ plan: hash, inference: 0, message: number, pieces: parts });
      if (frame.length !== message.frameBytes)
        throw new NonnError(
          `plan: ${message.id}: found a frame of ${message.frameBytes} bytes, expected ${frame.length}, which are sent`,
        );
      this.#frames.set(message.id, frame);
      store.buffer(frame.length);
    }
    store.release(task.reads);
  }

  #decode(task: Task, store: DeviceStore): void {
    const { plan, incoming } = this.context;
    for (const message of incoming.get(task.id) ?? []) {
      if (message.to !== store.device) continue;
      const frame = this.#frame(message);
      for (const part of decodeFrame(frame).pieces) store.put(plan.pieces[part.number]!, valueOfFrame(part));
      this.#frames.delete(message.id);
      store.buffer(-frame.length);
    }
  }

  #frame(message: Message): Uint8Array {
    const frame = this.#frames.get(message.id);
    if (frame === undefined)
      throw new NonnError(
        `plan: ${message.id}: found nothing to send, expected a task of kind encode before it`,
      );
    return frame;
  }

  #store(device: Id): DeviceStore {
    const store = this.#stores.get(device);
    if (store === undefined)
      throw new NonnError(`plan: found the device "${device}", expected one of the plan`);
    return store;
  }
}
