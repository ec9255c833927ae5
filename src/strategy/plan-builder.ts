import {
  FLOAT_BYTES,
  type Id,
  type Kernel,
  lower,
  type Unit,
  unitsByOutput,
  unitWeightBytes,
  unitWeightElements,
  type Work,
} from '../kernel/index.js';
import { areaOf, type Network, type Region, sameRegion, wholeOf } from '../network/index.js';
import {
  type DataType,
  frameBytes,
  heldOf,
  type Message,
  type Piece,
  type Plan,
  type Resident,
  regionOf,
  type Task,
} from '../plan/index.js';
import type { Setting } from './setting.js';

/**
 * Writes a plan down task by task. It knows which device holds which piece and since which task, so that every task
 * and message waits for just what it needs.
 */
export class PlanBuilder {
  readonly #strategy: string;
  readonly #network: Network;
  readonly #setting: Setting;
  readonly #devices: Id[];
  readonly #pieces = new Map<Id, Piece>();
  readonly #tasks: Task[] = [];
  readonly #messages: Message[] = [];
  /** For each device, the pieces that it holds and the task that brings them; null where they arrive as input. */
  readonly #held = new Map<Id, Map<Id, Id | null>>();
  readonly #unitsOn = new Map<Id, Set<Unit>>();
  /** The whole input; on the source, or on every device. */
  readonly input: Piece;

  constructor(strategy: string, network: Network, setting: Setting) {
    this.#strategy = strategy;
    this.#network = network;
    this.#setting = setting;
    this.#devices = [...new Set([...setting.devices, setting.source, setting.sink])];
    for (const device of this.#devices) this.#held.set(device, new Map());
    const layer = network.inputs[0]!;
    this.input = this.#piece(layer, wholeOf(network.shapes.get(layer)!), '', setting.inputType);
    const at = setting.inputAt === 'everyDevice' ? this.#devices : [setting.source];
    for (const device of at) this.#held.get(device)!.set(this.input.id, null);
  }

  holds(device: Id, piece: Piece): boolean {
    return this.#held.get(device)!.has(piece.id);
  }

  /** Adds the task that computes a region of a layer on a device from pieces that the device holds. */
  compute(device: Id, layer: Id, region: Region, reads: readonly Piece[], label = ''): Piece {
    const dtype = this.#isInt8(device) ? 'int8' : 'float32';
    const written = this.#piece(layer, region, `@${device}${label}`, dtype);
    const elementBytes = dtype === 'int8' ? 1 : FLOAT_BYTES;
    const lowered = lower(this.#network, reads.map(heldOf), [heldOf(written)], elementBytes);
    const task = `${written.id}`;
    this.#addTask(
      device,
      task,
      { kind: 'kernels', kernels: lowered.kernels },
      reads,
      [written],
      lowered.transientBytes,
    );
    this.#held.get(device)!.set(written.id, task);
    this.#noteWeights(device, lowered.kernels);
    return written;
  }

  /**
   * Adds encoding, message and decoding that bring a region of a piece (all of it where left out) from one device to
   * another; nothing if the receiver holds it already.
   */
  send(from: Id, to: Id, piece: Piece, region: Region = regionOf(piece), label = ''): Piece {
    if (from === to || this.holds(to, piece)) return piece;
    const whole = sameRegion(region, regionOf(piece));
    const sent = whole ? piece : this.#piece(piece.layer, region, `@${from}>${to}${label}`, piece.dtype);
    // Tiles whose borders are clipped alike may need the very same region.
    if (this.holds(to, sent)) return sent;
    const name = `${sent.id}${whole ? ` ${from}>${to}` : ''}`;
    const encode = `encode ${name}`;
    const decode = `decode ${name}`;
    const bytes = frameBytes(sent.bytes, 1);
    this.#addTask(from, encode, { kind: 'encode', bytes }, [piece], whole ? [] : [sent]);
    this.#messages.push({
      id: `send ${name}`,
      from,
      to,
      pieces: [sent.id],
      payloadBytes: sent.bytes,
      frameBytes: bytes,
      after: [encode],
    });
    this.#tasks.push({
      id: decode,
      work: { kind: 'decode', bytes },
      reads: [sent.id],
      writes: [],
      after: [`send ${name}`],
      place: { device: to },
    });
    this.#held.get(to)!.set(sent.id, decode);
    return sent;
  }

  /** The finished plan, whose output is this piece. */
  finish(output: Piece): Plan {
    return {
      version: 1,
      strategy: this.#strategy,
      devices: this.#devices,
      pieces: [...this.#pieces.values()],
      tasks: this.#tasks,
      messages: this.#messages,
      pools: [],
      input: { piece: this.input.id, device: this.#setting.source },
      inputAt: this.#setting.inputAt,
      output: { piece: output.id, device: this.#setting.sink },
      resident: [...this.#unitsOn].map(([device, units]) => this.#residentOn(device, units)),
    };
  }

  #addTask(
    device: Id,
    id: Id,
    work: Work,
    reads: readonly Piece[],
    writes: readonly Piece[],
    transientBytes = 0,
  ): void {
    const held = this.#held.get(device)!;
    const after = [
      ...new Set(reads.map((piece) => held.get(piece.id)).filter((task) => typeof task === 'string')),
    ];
    this.#tasks.push({
      id,
      work,
      reads: reads.map((piece) => piece.id),
      writes: writes.map((piece) => piece.id),
      after,
      place: { device },
      ...(transientBytes > 0 ? { transientBytes } : {}),
    });
  }

  #piece(layer: Id, region: Region, label: string, dtype: DataType): Piece {
    const [height, width, channels] = this.#network.shapes.get(layer)!;
    const whole = sameRegion(region, { rows: [0, height], columns: [0, width] });
    const where = whole ? '' : `[${region.rows.join(':')},${region.columns.join(':')}]`;
    const piece: Piece = {
      id: `${layer}${where}${label}`,
      network: this.#network.id,
      layer,
      rows: region.rows,
      columns: region.columns,
      channels: [0, channels],
      dtype,
      bytes: areaOf(region) * channels * (dtype === 'float32' ? FLOAT_BYTES : 1),
    };
    this.#pieces.set(piece.id, piece);
    return piece;
  }

  /** A kernel that computes a unit needs its weights; one that only moves a tensor needs none. */
  #noteWeights(device: Id, kernels: readonly Kernel[]): void {
    const units = this.#unitsOn.get(device) ?? new Set<Unit>();
    this.#unitsOn.set(device, units);
    for (const { family, layers } of kernels) {
      const unit = unitsByOutput(this.#network).get(layers.at(-1)!)!;
      if (unit.anchor.kind === family && unitWeightElements(this.#network, unit) > 0) units.add(unit);
    }
  }

  #residentOn(device: Id, units: ReadonlySet<Unit>): Resident {
    const layers = new Set([...units].flatMap((unit) => unit.layers.map((layer) => layer.id)));
    const kept = this.#isInt8(device) ? { ...this.#network, dtype: 'int8' as const } : this.#network;
    return {
      device,
      network: this.#network.id,
      layers: this.#network.layers.filter((layer) => layers.has(layer.id)).map((layer) => layer.id),
      bytes: [...units].reduce((sum, unit) => sum + unitWeightBytes(kept, unit), 0),
    };
  }

  #isInt8(device: Id): boolean {
    return this.#setting.int8Devices?.has(device) ?? false;
  }
}
