import { NonnError } from '../foundation/index.js';
import { type Id, type Lowered, lower, type Unit } from '../kernel/index.js';
import { type Network, weightsOf } from '../network/index.js';
import { heldOf, type Piece, type Plan, type Task } from '../plan/index.js';

/** A task of kind `kernels` with its demand lowered. */
export interface PreparedTask {
  readonly network: Network;
  readonly lowered: Lowered;
  readonly reads: readonly Piece[];
  readonly writes: readonly Piece[];
}

/**
 * Lowers a task's demand and checks it against the plan: its kernels are those that the plan counts, and the weights
 * that they need are resident on its device.
 * @throws NonnError where the plan does not say what would really run.
 */
export function prepareTask(
  plan: Plan,
  task: Task,
  pieces: ReadonlyMap<Id, Piece>,
  networks: ReadonlyMap<Id, Network>,
): PreparedTask {
  const [reads, writes] = [task.reads, task.writes].map((ids) =>
    ids.map((id) => known(pieces, id, task.id)),
  ) as [Piece[], Piece[]];
  const network = networkOf(task, [...reads, ...writes], networks);
  const lowered = lower(network, reads.map(heldOf), writes.map(heldOf));
  checkKernels(task, lowered);
  checkResident(plan, task, network, lowered);
  return { network, lowered, reads, writes };
}

/** The device of a task. @throws NonnError for a task of a pool, which nobody hands out yet. */
export function deviceOf(task: Task): Id {
  if ('device' in task.place) return task.place.device;
  throw new NonnError(`plan: ${task.id}: found a task of pool "${task.place.pool}", expected a device`);
}

/** Pieces that each device reads, with the number of tasks that read them. */
export function readersOf(plan: Plan): ReadonlyMap<Id, ReadonlyMap<Id, number>> {
  const readers = new Map(plan.devices.map((device) => [device, new Map<Id, number>()]));
  const count = (device: Id, piece: Id) => {
    const ofDevice = readers.get(device);
    if (ofDevice === undefined)
      throw new NonnError(`plan: found the device "${device}", expected one of ${plan.devices.join(', ')}`);
    ofDevice.set(piece, (ofDevice.get(piece) ?? 0) + 1);
  };
  for (const task of plan.tasks)
    if (task.work.kind !== 'decode') for (const piece of task.reads) count(deviceOf(task), piece);
  if (plan.output !== undefined) count(plan.output.device, plan.output.piece);
  return readers;
}

/** Units of a lowered demand that have weights. */
export function unitsWithWeights(network: Network, { steps }: Lowered): readonly Unit[] {
  return steps.flatMap((step) =>
    step.kind === 'unit' && step.unit.layers.some((layer) => weightsOf(network, layer).length > 0)
      ? [step.unit]
      : [],
  );
}

/** @throws NonnError for a piece that the plan does not list. */
export function known(pieces: ReadonlyMap<Id, Piece>, id: Id, by: Id): Piece {
  const piece = pieces.get(id);
  if (piece === undefined)
    throw new NonnError(`plan: ${by}: found the piece "${id}", expected one of the plan`);
  return piece;
}

function networkOf(task: Task, pieces: readonly Piece[], networks: ReadonlyMap<Id, Network>): Network {
  const ids = [...new Set(pieces.map((piece) => piece.network))];
  const network = networks.get(ids[0]!);
  if (ids.length !== 1 || network === undefined)
    throw new NonnError(
      `plan: ${task.id}: found pieces of ${ids.join(' and ') || 'no network'}, expected one of ${[...networks.keys()].join(', ')}`,
    );
  for (const { id, layer, channels } of pieces) {
    const all = network.shapes.get(layer)?.[2];
    if (channels[0] !== 0 || channels[1] !== all)
      throw new NonnError(
        `plan: ${task.id}: found piece "${id}" with channels ${channels.join(' to ')}, expected all ${all} of "${layer}"`,
      );
  }
  return network;
}

function checkKernels(task: Task, { kernels }: Lowered): void {
  const counted = task.work.kind === 'kernels' ? task.work.kernels : [];
  const length = Math.max(counted.length, kernels.length);
  for (let index = 0; index < length; index++) {
    if (counted[index]?.key === kernels[index]?.key) continue;
    throw new NonnError(
      `plan: ${task.id}: found ${counted[index]?.key ?? 'no kernel'} as kernel ${index}, expected ${kernels[index]?.key ?? 'none'}, which runs`,
    );
  }
}

function checkResident(plan: Plan, task: Task, network: Network, lowered: Lowered): void {
  const device = deviceOf(task);
  const layers = new Set(
    plan.resident.flatMap((entry) =>
      entry.device === device && entry.network === network.id ? entry.layers : [],
    ),
  );
  for (const unit of unitsWithWeights(network, lowered))
    for (const layer of unit.layers)
      if (weightsOf(network, layer).length > 0 && !layers.has(layer.id))
        throw new NonnError(
          `plan: ${task.id}: found no weights of "${layer.id}" on device "${device}", expected them to be resident`,
        );
}
