import { z } from 'zod';
import { type Quantity, quantity, show } from '../foundation/index.js';

const text = z.string().min(1);

/** Where a number comes from: fields that stand beside it. */
export const provenance = {
  source: z.enum(['measured', 'published', 'derived']),
  citation: text,
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, {
    error: (issue) => `found ${show(issue.input)}, expected a date such as "2026-11-24"`,
  }),
  samples: z.int().min(1).max(1e9).optional(),
  note: text.optional(),
};

/** A figure in SI with its source, or the reason why nobody knows it. */
export type Sourced = Known | Unknown;

export interface Known {
  readonly value: number;
  readonly source: 'measured' | 'published' | 'derived';
  readonly citation: string;
  readonly date: string;
  readonly samples?: number | undefined;
  readonly note?: string | undefined;
  /** Where the value may lie: rows that disagree, or an estimate of the error. */
  readonly interval?: readonly [low: number, high: number] | undefined;
}

export interface Unknown {
  readonly unknown: string;
}

/** Schema of a quantity with its provenance, or `{ "unknown": why }`. */
export function sourced(of: Quantity, options: { readonly positive?: boolean } = {}) {
  return sourcedOf(quantity(of, options));
}

/** Schema of a plain number (a count, a share) with its provenance, or `{ "unknown": why }`. */
export function sourcedNumber(low: number, high: number) {
  return sourcedOf(plainNumber(low, high));
}

/** A plain number between two bounds. */
export function plainNumber(low: number, high: number) {
  const wrong = (input: unknown) => `found ${show(input)}, expected a number from ${low} to ${high}`;
  return z
    .number({ error: (issue) => wrong(issue.input) })
    .min(low, { error: (issue) => wrong(issue.input) })
    .max(high, { error: (issue) => wrong(issue.input) });
}

/** The value of a figure, or null where it is unknown. */
export function figureOf(figure: Sourced | undefined): number | null {
  return figure !== undefined && 'value' in figure ? figure.value : null;
}

/** The interval of a figure; the value itself where none is given. */
export function intervalOf(figure: Known): readonly [low: number, high: number] {
  return figure.interval ?? [figure.value, figure.value];
}

function sourcedOf<V extends z.ZodType<number>>(value: V) {
  const interval = z
    .tuple([value, value])
    .refine((bounds) => (bounds as readonly number[])[0]! <= (bounds as readonly number[])[1]!, {
      error: (issue) => `found ${show(issue.input)}, expected the lower bound first`,
    });
  return z.union(
    [
      z.strictObject({ value, ...provenance, interval: interval.optional() }),
      z.strictObject({ unknown: text }),
    ],
    {
      error: (issue) =>
        issue.input !== null && typeof issue.input === 'object' && !Array.isArray(issue.input)
          ? undefined
          : `found ${show(issue.input)}, expected { "value", "source", "citation", "date" } or { "unknown": "why" }`,
    },
  );
}
