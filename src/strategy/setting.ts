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
}

/** A plan and the network whose layers its pieces name. */
export interface Strategised {
  readonly plan: Plan;
  readonly network: Network;
}
