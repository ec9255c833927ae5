import { z } from 'zod';
import { latencyFamilies } from './family.js';
import { plainNumber } from './sourced.js';

/** A text that says something. */
export const text = z.string().min(1);

/** What a table that profiles are fitted to begins with: where its figures are from, and the date of that source. */
export const tableSource = { citation: text, date: text, note: text };

/** What such a table says of kernels of any device; `count`: how many of this kind a network has. */
export const tableKernel = {
  family: z.enum(latencyFamilies),
  count: z.int().min(1),
  flops: plainNumber(0, 1e15),
  bytes: plainNumber(0, 1e15),
};
