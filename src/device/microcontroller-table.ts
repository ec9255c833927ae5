import { z } from 'zod';
import { tableKernel, tableSource, text } from './fit-table.js';
import { plainNumber } from './sourced.js';

/** Schema of the table that microcontroller profiles are fitted to: kernels of networks in int8, and what was published. */
export const microcontrollerTableSchema = z.strictObject({
  ...tableSource,
  networks: z.record(
    z.string(),
    z.array(
      z.strictObject({
        ...tableKernel,
        /** Of convolutions: multiply-adds behind an output, output channels, and what lies side by side in a window. */
        depth: z.int().min(1).optional(),
        outputs: z.int().min(1).optional(),
        row: z.int().min(1).optional(),
      }),
    ),
  ),
  /** A run is one board with one submitter's software in one round. */
  runs: z.array(
    z.strictObject({
      id: text,
      board: text,
      /** The design of its core; what is close enough to count as one has one name. */
      core: text,
      /** Whose software, and which generation of it; generations of one maker are more alike than others. */
      maker: text,
      software: text,
      source: text,
      milliseconds: z.record(z.string(), plainNumber(0, 1e9)),
      /** Of a run of its own, whose clock and supply may be others. */
      microjoules: z.record(z.string(), plainNumber(0, 1e9)).optional(),
      /** Inferences a second of that run, and of the one that was timed, where both were published. */
      energyRate: z.record(z.string(), z.tuple([plainNumber(0, 1e9), plainNumber(0, 1e9)])).optional(),
    }),
  ),
});

export type MicrocontrollerTable = z.output<typeof microcontrollerTableSchema>;
export type MicrocontrollerKernel = MicrocontrollerTable['networks'][string][number];
export type MicrocontrollerRun = MicrocontrollerTable['runs'][number];
