import { z } from 'zod';
import { tableKernel, tableSource, text } from './fit-table.js';
import { plainNumber } from './sourced.js';

/** Schema of the table that board profiles are fitted to: kernels of networks, and published latencies of boards. */
export const boardTableSchema = z.strictObject({
  ...tableSource,
  networks: z.record(
    z.string(),
    z.array(
      z.strictObject({
        ...tableKernel,
        /** Of convolutions: output pixels, multiply-adds behind an output, output channels of a group. */
        pixels: z.int().min(1).optional(),
        depth: z.int().min(1).optional(),
        outputs: z.int().min(1).optional(),
        /** Of convolutions in several groups: how many. */
        groups: z.int().min(2).optional(),
        /** Of an elementwise kernel with an exponential or a power in it. */
        transcendental: z.literal(true).optional(),
      }),
    ),
  ),
  boards: z.array(
    z.strictObject({
      board: text,
      runs: z.array(
        z.strictObject({
          threads: z.int().min(1),
          /** ncnn's power save mode: 0 all cores, 1 little cores only, 2 big cores only. */
          powersave: z.int().min(0).max(2),
          /** The design of the cores that ran; what is close enough to count as one has one name. */
          design: text,
          /** Smallest and mean latency of the run's loops, in milliseconds as they are published. */
          milliseconds: z.record(z.string(), z.tuple([plainNumber(0, 1e9), plainNumber(0, 1e9)])),
        }),
      ),
    }),
  ),
});

export type BoardTable = z.output<typeof boardTableSchema>;
export type TableKernel = BoardTable['networks'][string][number];
export type BoardRun = BoardTable['boards'][number]['runs'][number];
