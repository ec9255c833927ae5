import { existsSync } from 'node:fs';
import { z } from 'zod';
import { hashesSchema, inputsSchema, type ReadResult, resultSchema } from '../explore/index.js';
import {
  complain,
  documentText,
  hashData,
  readDocument,
  show,
  writeAtomically,
} from '../foundation/index.js';
import { canMatter } from './relevance.js';

/** What one scenario's metrics were, and what they were made from. */
const recordSchema = z.strictObject({
  hashes: hashesSchema,
  seed: z.number().optional(),
  pickRule: z.string().optional(),
  metrics: resultSchema.shape.metrics,
  /** Every value that a number can depend on, by path. */
  inputs: inputsSchema,
});

/** Form of a baseline file: one record a scenario. */
export const baselineSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    scenarios: z.record(z.string().min(1), recordSchema),
  })
  .meta({
    title: 'nonn baseline',
    description: 'metrics that nonn gate compares results with, and the inputs that they were made from',
  });

export type Baseline = z.output<typeof baselineSchema>;
export type BaselineRecord = Baseline['scenarios'][string];

/** Reads a baseline file. @throws NonnError in one sentence for a missing, truncated or foreign file. */
export function readBaseline(file: string): Baseline {
  return readDocument(file, baselineSchema);
}

/** What an update did to a baseline file. */
export interface BaselineUpdate {
  readonly file: string;
  /** False where the file already said all of it. */
  readonly changed: boolean;
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly was: 'added' | 'replaced' | 'unchanged';
    readonly metrics: number;
  }[];
  /** Scenarios of the file that were left as they stood. */
  readonly kept: readonly string[];
}

/**
 * Records results in a baseline file, in one move; other scenarios of the file stay. Nothing is written where the
 * file already says it all.
 *
 * @throws NonnError if the file is there and is no baseline: it is not overwritten.
 */
export function updateBaseline(file: string, results: readonly ReadResult[]): BaselineUpdate {
  const old = existsSync(file) ? readBaseline(file).scenarios : {};
  const records = new Map(Object.entries(old));
  const scenarios = results.map((result) => {
    // JavaScript gives this name a meaning of its own, so no document of nonn may hold it as a field.
    if (result.scenario === '__proto__')
      throw complain({ file, found: 'a scenario named "__proto__"', expected: 'another name' });
    const record = recordOf(result);
    const before = records.get(result.scenario);
    records.set(result.scenario, record);
    const isSame = before !== undefined && hashData(before) === hashData(record);
    return {
      scenario: result.scenario,
      was:
        before === undefined ? ('added' as const) : isSame ? ('unchanged' as const) : ('replaced' as const),
      metrics: record.metrics.length,
    };
  });
  const changed = scenarios.some(({ was }) => was !== 'unchanged');
  if (changed) writeAtomically(file, documentText({ version: 1, scenarios: sorted(records) }));
  const updated = new Set(scenarios.map(({ scenario }) => scenario));
  return { file, changed, scenarios, kept: [...records.keys()].filter((name) => !updated.has(name)).sort() };
}

/** The record that a baseline keeps of a result. */
export function recordOf(result: ReadResult): BaselineRecord {
  const { engine, scenario, profiles, networks } = result.hashes;
  return recordSchema.parse({
    hashes: { scenario, engine, profiles: sorted(profiles), networks: sorted(networks) },
    seed: result.seed,
    pickRule: result.pickRule,
    metrics: result.metrics.map(({ id, value, unit, better, low, high }) => ({
      id,
      value,
      unit,
      better,
      low,
      high,
    })),
    inputs: sorted(Object.entries(result.inputs).filter(([path]) => canMatter(path))),
  });
}

/** The record of a result's scenario. @throws NonnError that names the scenarios that are there. */
export function recordFor(baseline: Baseline, scenario: string, file: string): BaselineRecord {
  if (Object.hasOwn(baseline.scenarios, scenario)) return baseline.scenarios[scenario]!;
  const names = Object.keys(baseline.scenarios);
  throw complain({
    file,
    path: 'scenarios',
    found: `no scenario ${show(scenario)}`,
    expected:
      names.length === 0
        ? 'metrics of it (the file holds no scenario)'
        : `one of ${names.map(show).join(', ')}`,
  });
}

/** With keys in ascending order, so that the same results always give the same file. */
function sorted<T>(entries: Iterable<[string, T]> | Readonly<Record<string, T>>): Record<string, T> {
  const pairs = Symbol.iterator in entries ? [...entries] : Object.entries(entries as Record<string, T>);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
