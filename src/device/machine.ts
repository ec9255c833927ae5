import { z } from 'zod';

const text = z.string().min(1);

/** The machine and the versions that a profile was calibrated with. */
export const machineSchema = z.strictObject({
  /** As the system names it: `AMD EPYC 7763`. */
  processor: text,
  cores: z.int().min(1).max(65_536),
  /** System and instruction set: `linux x64`. */
  platform: text,
  /** Version of Node.js. */
  node: z.string().regex(/^\d+\.\d+\.\d+/, {
    error: (issue) =>
      `found ${JSON.stringify(issue.input) ?? 'nothing'}, expected a version such as "20.19.0"`,
  }),
  /** Version of the package that has the kernels. */
  backend: text,
});

export type CalibratedMachine = z.output<typeof machineSchema>;

/**
 * What differs between the machine of a profile and another so that times of kernels may differ, in words: `another
 * processor (AMD EPYC here, Cortex-A72 there)`. Versions of Node.js count by their first number.
 */
export function machineDifferences(here: CalibratedMachine, there: CalibratedMachine): readonly string[] {
  const major = (version: string) => version.split('.')[0]!;
  const compared = [
    ['another processor', here.processor, there.processor],
    ['another number of cores', String(here.cores), String(there.cores)],
    ['another platform', here.platform, there.platform],
    ['another Node.js', major(here.node), major(there.node)],
    ['another version of the backend', here.backend, there.backend],
  ] as const;
  return compared.flatMap(([what, a, b]) => (a === b ? [] : [`${what} (${a} here, ${b} there)`]));
}
