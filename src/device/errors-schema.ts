import { z } from 'zod';
import { plainNumber } from './sourced.js';

/** Relative errors of predictions, as fractions; `spread` is the root mean square of log(predicted / measured). */
export const errorsSchema = z.strictObject({
  count: z.int().min(1),
  median: plainNumber(0, 1e6),
  mean: plainNumber(0, 1e6),
  worst: plainNumber(0, 1e6),
  spread: plainNumber(0, 50),
});
