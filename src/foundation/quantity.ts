import { z } from 'zod';
import { NonnError, show } from './error.js';
import { parseUnit, type Quantity, siUnit } from './units.js';

/** No quantity of a device or a network comes near it, and sums of many such stay exact enough to compare. */
const LARGEST = 1e21;

/**
 * Schema of a quantity: a unit string (`"54 Mbit/s"`) or a plain SI number, read into SI.
 * Negative, infinite and absurdly large (over 1e21) values are refused.
 */
export function quantity(of: Quantity, options: { readonly positive?: boolean } = {}) {
  const wanted = `a ${options.positive ? 'positive ' : 'non-negative '}${of}, as "1 ${siUnit(of)}" or a number of ${siUnit(of)}`;
  return z
    .union([z.number(), z.string()], { error: (issue) => `found ${show(issue.input)}, expected ${wanted}` })
    .transform((input, context) => {
      let value: number;
      try {
        value = typeof input === 'string' ? parseUnit(input, of) : input;
      } catch (error) {
        if (!(error instanceof NonnError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, input });
        return z.NEVER;
      }
      if (value < 0 || (options.positive === true && value === 0) || value > LARGEST) {
        const expected = value > LARGEST ? `${wanted}, at most ${LARGEST}` : wanted;
        context.addIssue({ code: 'custom', message: `found ${show(input)}, expected ${expected}`, input });
        return z.NEVER;
      }
      return value;
    })
    .meta({ description: wanted });
}
