import { memoryMoments } from '../../kernel/index.js';
import { costOf, network as makeNetwork, type Network } from '../../network/index.js';
import { type FeatureSize, joinStudents } from '../../strategy/index.js';

/** What a student costs: its body and the 1x1 head to its filters, without the layer that all students share. */
export interface StudentCost {
  /** Name of the network whose body it has. */
  readonly body: string;
  readonly filters: number;
  /** Trainable ones. */
  readonly parameters: number;
  /** Bytes of all weights, moving statistics included. */
  readonly weightBytes: { readonly float32: number; readonly int8: number };
  /** Bytes of float32 activations that live at once, at most. */
  readonly peakActivationBytes: number;
  /** Bytes of float32 weights and activations together: what a device has to hold, the runtime aside. */
  readonly memory: number;
  /** Operations of one inference, two for a multiply-add. */
  readonly flops: number;
}

/** A student by itself: the body of a network and the head that a NoNN gives it, up to its features. */
export function studentNetwork(body: Network, filters: number, size?: FeatureSize): Network {
  const own = Array.from({ length: filters }, (_, filter) => filter);
  const alone = { filters, students: [own], unassigned: [], assumed: true };
  const joint = joinStudents(body.id, [body], alone, 1, size);
  const { layers, features } = joint.students[0]!;
  const kept = joint.network.layers.filter((layer) => layer.kind === 'input' || layers.has(layer.id));
  return makeNetwork(body.id, kept, features);
}

export function studentCost(body: Network, filters: number, size?: FeatureSize): StudentCost {
  const student = studentNetwork(body, filters, size);
  const cost = costOf(student);
  const peakActivationBytes = Math.max(...memoryMoments(student).map(({ bytes }) => bytes));
  return {
    body: body.id,
    filters,
    parameters: cost.trainableParameters,
    weightBytes: { float32: cost.weightBytes, int8: costOf({ ...student, dtype: 'int8' }).weightBytes },
    peakActivationBytes,
    memory: cost.weightBytes + peakActivationBytes,
    flops: cost.flops,
  };
}
