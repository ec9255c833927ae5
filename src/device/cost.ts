import type { Id, Work } from '../kernel/index.js';

/** How long something takes: a best estimate, an interval around it, all in seconds, and where they come from. */
export interface Cost {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
  readonly source: 'measured' | 'predicted' | 'extrapolated' | 'given';
}

/** Durations of work on devices, and the fixed part of a message; sharing of links is the simulator's. */
export interface CostModel {
  /** @param moved bytes that all kernels of the device move in an inference; those of this work where left out. */
  task(work: Work, device: Id, moved?: number): Cost;
  /** What passes before the first byte of a frame of so many bytes flows: the latency of the route. */
  message(bytes: number, from: Id, to: Id): Cost;
}
