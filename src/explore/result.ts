import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { profilesOf } from '../device/index.js';
import { checkWritable, documentText, writeAtomically } from '../foundation/index.js';
import { networkHash } from '../network/index.js';
import { flatten, type Scenario } from '../scenario/index.js';
import { profileHash } from './candidate-row.js';
import { ENGINE_VERSION } from './engine-version.js';
import { type PickRule, pick } from './pick.js';
import type { Row } from './row.js';

/** A number that a gate can watch; its id names the design, so that two designs are never compared. */
export interface Metric {
  readonly id: string;
  readonly value: number | string;
  readonly unit: string;
  readonly better: 'higher' | 'lower' | 'same';
  readonly low: number | null;
  readonly high: number | null;
}

/** What a sweep found: `result.json`. Nothing in it depends on the clock, the machine or the number of workers. */
export interface Result {
  readonly scenario: string;
  readonly hashes: {
    readonly scenario: string;
    readonly engine: string;
    readonly profiles: Readonly<Record<string, string>>;
    readonly networks: Readonly<Record<string, string>>;
  };
  readonly seed: number;
  readonly candidates: number;
  readonly feasible: number;
  readonly pickRule: PickRule;
  readonly objectives: readonly string[];
  readonly front: readonly Row[];
  readonly pick: Row | null;
  readonly baseline: Row;
  readonly metrics: readonly Metric[];
  /** Every row, in candidate order. */
  readonly rows: readonly Row[];
  /** Every value that the numbers come from, by path: of the scenario as written, and of its profiles. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
}

/** Makes the result of a sweep's rows. */
export function resultOf(scenario: Scenario, rows: readonly Row[], rule: PickRule = 'knee'): Result {
  const profiles = new Map(profilesOf(scenario.cluster).map((profile) => [profile.name, profile]));
  const picked = pick(rows, scenario.objectives, rule);
  return {
    scenario: scenario.name,
    hashes: {
      scenario: scenario.hash,
      engine: ENGINE_VERSION,
      profiles: Object.fromEntries([...profiles].map(([name, profile]) => [name, profileHash(profile)])),
      networks: Object.fromEntries(
        [...scenario.networks].map(([name, network]) => [name, networkHash(network)]),
      ),
    },
    seed: scenario.seed,
    candidates: rows.length,
    feasible: rows.filter((row) => row.feasible).length,
    pickRule: rule,
    objectives: scenario.objectives,
    front: rows.filter((row) => row.front),
    pick: picked,
    baseline: rows.find((row) => row.id === scenario.baseline)!,
    metrics: [...rows.flatMap((row) => metricsOfRow(row, scenario.baseline)), ...pickMetric(picked)],
    rows,
    inputs: {
      ...scenario.inputs,
      ...Object.assign(
        {},
        ...[...profiles].map(([name, profile]) => prefixed(`profiles.${name}`, flatten(profile))),
      ),
    },
  };
}

/** What a result folder holds besides a baseline. */
export const resultFiles = [
  'candidates.csv',
  'result.json',
  'front.svg',
  'speedup.svg',
  'accuracy.svg',
] as const;

/** Writes `result.json` and `candidates.csv`, each in one move. */
export function writeResult(folder: string, result: Result): void {
  // All or nothing: what cannot be replaced is found before anything is.
  for (const name of resultFiles) checkWritable(join(folder, name));
  writeAtomically(join(folder, 'candidates.csv'), candidatesCsv(result.rows));
  writeAtomically(join(folder, 'result.json'), documentText(result));
}

/** One row a candidate, in candidate order, with a header; empty where something is unknown. */
export function candidatesCsv(rows: readonly Row[]): string {
  return stringify(rows as Row[], {
    header: true,
    cast: { boolean: String, number: String },
  });
}

function metricsOfRow(row: Row, baseline: string): Metric[] {
  const metric = (
    name: string,
    value: number | null,
    unit: string,
    better: 'higher' | 'lower',
    low: number | null = null,
    high: number | null = null,
  ) => (value === null ? [] : [{ id: name, value, unit, better, low, high }]);
  return [
    ...metric(`latency/${row.id}`, row.latency, 's', 'lower', row.latencyLow, row.latencyHigh),
    ...metric(`energyPerNode/${row.id}`, row.energyPerNode, 'J', 'lower'),
    ...metric(`memoryPerNode/${row.id}`, row.memoryPerNode, 'B', 'lower'),
    ...metric(`bytesSent/${row.id}`, row.bytesSent, 'B', 'lower'),
    ...metric(`accuracy/${row.id}`, row.accuracy, 'share', 'higher'),
    ...metric(`speedup/${row.id}/over/${baseline}`, row.speedup, 'x', 'higher'),
  ];
}

function pickMetric(picked: Row | null): Metric[] {
  return picked === null
    ? []
    : [{ id: 'pick', value: picked.id, unit: 'design', better: 'same', low: null, high: null }];
}

function prefixed<T>(prefix: string, entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([path, value]) => [`${prefix}.${path}`, value]));
}
