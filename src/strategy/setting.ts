import type { Id } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import type { Plan } from '../plan/index.js';

/** Where a plan runs, and where its input and output are. */
export interface Setting {
  /** Devices that compute, in order. */
  readonly devices: readonly Id[];
  /** The device where the input arrives. */
  readonly source: Id;
  /** The device where the output is wanted. */
  readonly sink: Id;
  /** `everyDevice`: each device has the input itself, as when all look at the same scene. */
  readonly inputAt: 'source' | 'everyDevice';
  readonly inputType: 'uint8' | 'float32';
  /** Devices whose runtime computes in int8: weights and activations take a byte an element there. */
  readonly int8Devices?: ReadonlySet<Id>;
}

/**
 * Where what cannot be split runs: the sink, or the first device if the sink does not compute.
 * @param devices those that compute; the setting's where left out.
 */
export function computingSink(setting: Setting, devices: readonly Id[] = setting.devices): Id {
  return devices.includes(setting.sink) ? setting.sink : devices[0]!;
}

/** A plan and the network whose layers its pieces name. */
export interface Strategised {
  readonly plan: Plan;
  readonly network: Network;
}
