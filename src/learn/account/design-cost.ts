import { type Network, weightsOf } from '../../network/index.js';
import { totalFrameBytes } from '../../plan/index.js';
import { devicesOf, modelPlan, plainSetting } from './model-plan.js';
import type { TrainedModel } from './trained-model.js';

/** What a trained network costs wherever it runs. */
export interface DesignCost {
  readonly devices: number;
  /** Trainable parameters of all devices, and of the device that has most. */
  readonly parameters: number;
  readonly parametersPerDevice: number;
  /** Two for a multiply-add, of the kernels that run; of all devices, and of the busiest. */
  readonly flops: number;
  readonly flopsPerDevice: number;
  /** Frame bytes of all messages of an inference. */
  readonly bytesSent: number;
}

export function designCost(model: TrainedModel): DesignCost {
  const { network } = model;
  const { plan } = modelPlan(model, plainSetting(devicesOf(model)));
  const flops = new Map<string, number>();
  for (const { work, place } of plan.tasks) {
    if (work.kind !== 'kernels' || !('device' in place)) continue;
    const sum = work.kernels.reduce((total, kernel) => total + kernel.flops, 0);
    flops.set(place.device, (flops.get(place.device) ?? 0) + sum);
  }
  const parameters = plan.devices.map((device) =>
    plan.resident
      .filter((resident) => resident.device === device)
      .flatMap(({ layers }) => layers)
      .reduce((sum, layer) => sum + parametersOf(network, layer), 0),
  );
  return {
    devices: plan.devices.length,
    parameters: network.layers.reduce((sum, { id }) => sum + parametersOf(network, id), 0),
    parametersPerDevice: Math.max(...parameters),
    flops: [...flops.values()].reduce((sum, value) => sum + value, 0),
    flopsPerDevice: Math.max(...flops.values()),
    bytesSent: totalFrameBytes(plan.messages),
  };
}

function parametersOf(network: Network, layer: string): number {
  return weightsOf(network, network.byId.get(layer)!)
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
