import type { z } from 'zod';

export function schemaTexts(nonn: {
  readonly gate: { readonly baselineSchema: z.ZodType };
  readonly device: { readonly profileSchema: z.ZodType };
  readonly learn: { readonly experimentSchema: z.ZodType };
  readonly plan: { readonly planFileSchema: z.ZodType };
  readonly scenario: { readonly scenarioSchema: z.ZodType };
}): Readonly<Record<string, string>>;
