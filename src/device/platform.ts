import type { Id } from '../kernel/index.js';
import type { CostModel } from './cost.js';
import type { Topology } from './topology.js';

/** Watts of a device in each state; null where no source gives them. */
export interface PowerStates {
  readonly idle: number | null;
  /** With the number of threads that the device computes with. */
  readonly compute: number | null;
  readonly send: number | null;
  readonly receive: number | null;
}

/** What the simulator knows of one device besides its costs. */
export interface DeviceModel {
  readonly name: Id;
  /** Name of its profile. */
  readonly profile: string;
  readonly threads: number;
  /** Bytes that a program may use, of a microcontroller its SRAM; null where it is unknown. */
  readonly memory: number | null;
  /** Only of a microcontroller, which keeps weights and code there: bytes of its flash; null where it is unknown. */
  readonly flash?: number | null;
  /** Bytes of the runtime's code in flash; null where it is unknown. */
  readonly runtimeCode?: number | null;
  /** Bytes of the runtime before any network is loaded; null where it is unknown. */
  readonly runtimeBase: number | null;
  /** Copies of the weights that the runtime holds: 1, or 2 where it packs and keeps them. */
  readonly weightCopies: number;
  readonly power: PowerStates;
  /** Path of a power value that is null, as an error or a row names it. */
  readonly powerPath: string;
}

/** A cluster that is ready to be simulated. */
export interface Platform {
  readonly devices: readonly DeviceModel[];
  readonly costs: CostModel;
  readonly topology: Topology;
}
