import type { Cost } from '../device/index.js';
import type { Id } from '../kernel/index.js';
import type { Message } from './plan.js';

/** One thing that happened to one lane (a device's processor, or a link): times in seconds since the start. */
export interface Span {
  /** Task or message. */
  readonly of: Id;
  readonly inference: number;
  /** A device's name, or `from>to` for a message. */
  readonly lane: string;
  readonly ready: number;
  readonly start: number;
  readonly finish: number;
  readonly state: 'compute' | 'encode' | 'decode' | 'latency' | 'transfer';
  readonly bytes?: number;
  readonly cost?: Cost;
}

/** Bytes of a device at its peak, and what they are made of at that moment; null where it is unknown. */
export interface MemoryPeak {
  readonly device: Id;
  /** Sum of the known parts. */
  readonly peak: number;
  readonly weights: number;
  readonly activations: number;
  readonly buffers: number;
  /** The runtime's own memory; null where the profile does not know it (then it is not in the peak). */
  readonly base: number | null;
  /** Only of a microcontroller: what of the peak lies in its flash (weights, code) and in its SRAM (all else). */
  readonly flash?: number;
  readonly sram?: number;
  /** Of the flash, the runtime's code; null where the profile does not know it. */
  readonly code?: number | null;
}

/** Joules of a device by state, over the horizon; the parts add up to the total. */
export interface EnergyParts {
  readonly device: Id;
  /** Null where a figure is missing; `missing` names it. */
  readonly total: number | null;
  readonly missing?: string;
  readonly idle: number | null;
  readonly compute: number | null;
  readonly encode: number | null;
  readonly decode: number | null;
  readonly send: number | null;
  readonly receive: number | null;
  /** False where the radio's own power is unknown and sending and receiving count at idle power. */
  readonly radioCounted: boolean;
  /** Seconds of the processor at work, over the horizon. */
  readonly utilisation: number;
}

/** What happened when a plan was played or executed. Times are seconds since the start. */
export interface Trace {
  readonly by: 'simulation' | 'loop' | 'execution';
  /** Hash of the plan. */
  readonly plan: string;
  readonly seed: number;
  readonly spans: readonly Span[];
  readonly arrivals: readonly number[];
  /** When the output of each inference stood at the sink; null if it never did. */
  readonly finishes: readonly (number | null)[];
  readonly memory: readonly MemoryPeak[];
  readonly energy: readonly EnergyParts[];
  /** Tasks of pools that ran away from home. */
  readonly stolen: number;
  /** Largest known error between the clocks of its devices, in seconds; 0 in one process. */
  readonly clockSkew: number;
}

/** The sum of a plan's message bytes, header included. */
export function totalFrameBytes(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + message.frameBytes, 0);
}
