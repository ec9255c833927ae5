import { planNonn, planSingle, type Setting, type Strategised } from '../../strategy/index.js';
import type { TrainedModel } from './trained-model.js';

/** A trained network as a plan: on one device, or with a student on each. */
export function modelPlan({ network, joint }: TrainedModel, setting: Setting): Strategised {
  return joint === null ? planSingle(network, setting) : planNonn(joint, setting);
}

/** Devices that a trained network asks for. */
export function devicesOf({ joint }: TrainedModel): number {
  return joint?.students.length ?? 1;
}

/** As many devices as a network needs, of which nothing is known; the image arrives at the first as bytes. */
export function plainSetting(devices: number): Setting {
  const names = Array.from({ length: devices }, (_, index) => `device-${index + 1}`);
  return { devices: names, source: names[0]!, sink: names[0]!, inputAt: 'source', inputType: 'uint8' };
}
