import { type DeviceProfile, type LatencyFamily, latencyFamilies, workCost } from '../device/index.js';
import type { Drift } from './drift.js';
import type { Measured } from './measured.js';
import { flopsModel, type NaiveModel, rooflineModel } from './naive.js';
import type { Kind, Subject } from './subjects.js';
import { type NoiseFloor, noiseFloor, type Row, type Summary, summarise } from './summary.js';

/** The learned model and the naive ones on the same rows. */
export interface Comparison {
  readonly noiseFloor: NoiseFloor;
  readonly learned: Summary;
  /** The learned model against what was measured, less what the machine is slower by since the calibration. */
  readonly withoutDrift?: Summary;
  /** Absent where the profile does not have what a naive model needs. */
  readonly roofline?: Summary;
  readonly flops?: Summary;
  /** The batch times the learned model's one image, where batches were run. */
  readonly proportional?: Summary;
  /** Mean error of the learned model over that of the naive one; null where the naive one makes none. */
  readonly overRoofline?: number | null;
  readonly overFlops?: number | null;
  readonly overProportional?: number | null;
}

/** What `nonn validate --json` prints. */
export interface Validation {
  readonly runtime: string;
  readonly profile: string;
  readonly threads: number;
  /** Images that each network computed at once; absent where that was not asked for. */
  readonly batch?: number;
  /** How well measurements agree with themselves. */
  readonly noiseFloor: NoiseFloor;
  /** How much slower the machine is than in the calibration; absent for a profile without measurements. */
  readonly drift?: Drift;
  readonly kernels?: Summary;
  readonly networks?: Summary;
  readonly plans?: Summary;
  /** Naive models on all rows. */
  readonly flops?: Summary;
  readonly roofline?: Summary;
  /** The same for the rows of each kind, and for kernels of each family. */
  readonly kinds: Partial<Record<Kind, Comparison>>;
  readonly families: Partial<Record<LatencyFamily, Comparison>>;
  readonly rows: readonly Row[];
}

/** Predictions of a profile beside what was measured. */
export function compare(
  profile: DeviceProfile,
  threads: number,
  subjects: readonly Subject[],
  measured: readonly Measured[],
  drift: Drift | null = null,
): Validation {
  const oneRate = flopsModel(profile, threads);
  const roofline = rooflineModel(profile, threads, (work) => workCost(profile, threads, work).seconds);
  const rows = subjects.map((subject, index) => rowOf(subject, measured[index]!, oneRate, roofline));
  const kinds = sections(
    ['kernels', 'networks', 'plans'] as const,
    (kind) => rows.filter((row) => row.kind === kind),
    drift,
  );
  const { roofline: byRoofline, flops: byFlops } = comparisonOf(rows, drift);
  const summaries = Object.entries(kinds).map(([kind, { learned }]) => [kind, learned] as const);
  return {
    runtime: profile.runtime,
    profile: profile.name,
    threads,
    noiseFloor: noiseFloor(rows),
    ...(drift === null ? {} : { drift }),
    ...Object.fromEntries(summaries),
    ...(byFlops === undefined ? {} : { flops: byFlops }),
    ...(byRoofline === undefined ? {} : { roofline: byRoofline }),
    kinds,
    families: sections(latencyFamilies, (family) => rows.filter((row) => row.family === family), drift),
    rows,
  };
}

function rowOf(
  { kind, name, family, predicted, works, proportional }: Subject,
  { before, after }: Measured,
  oneRate: NaiveModel,
  roofline: NaiveModel,
): Row {
  const measured = Math.min(before, after);
  return {
    kind,
    name,
    ...(family === undefined ? {} : { family }),
    predicted: predicted.seconds,
    low: predicted.low,
    high: predicted.high,
    measured,
    error: predicted.seconds / measured - 1,
    extrapolated: predicted.source === 'extrapolated',
    before,
    after,
    roofline: roofline(works),
    flops: oneRate(works),
    ...(proportional === undefined ? {} : { proportional }),
  };
}

function sections<Name extends string>(
  names: readonly Name[],
  rowsOf: (name: Name) => readonly Row[],
  drift: Drift | null,
): Partial<Record<Name, Comparison>> {
  const entries = names.flatMap((name) => {
    const rows = rowsOf(name);
    return rows.length === 0 ? [] : [[name, comparisonOf(rows, drift)] as const];
  });
  return Object.fromEntries(entries) as Partial<Record<Name, Comparison>>;
}

function comparisonOf(rows: readonly Row[], drift: Drift | null): Comparison {
  const learned = summarise(rows)!;
  const byRoofline = naive(rows, 'roofline');
  const byFlops = naive(rows, 'flops');
  const byImages = naive(rows, 'proportional');
  const ratio = ({ mape }: Summary) => (mape > 0 ? learned.mape / mape : null);
  return {
    noiseFloor: noiseFloor(rows),
    learned,
    ...(drift === null ? {} : { withoutDrift: withoutDrift(rows, drift)! }),
    ...(byRoofline === null ? {} : { roofline: byRoofline, overRoofline: ratio(byRoofline) }),
    ...(byFlops === null ? {} : { flops: byFlops, overFlops: ratio(byFlops) }),
    ...(byImages === null ? {} : { proportional: byImages, overProportional: ratio(byImages) }),
  };
}

function withoutDrift(rows: readonly Row[], { factor }: Drift): Summary | null {
  return summarise(rows.map(({ predicted, measured }) => ({ predicted, measured: measured / factor })));
}

/** Null unless the naive model has an answer for every row. */
function naive(rows: readonly Row[], model: 'roofline' | 'flops' | 'proportional'): Summary | null {
  if (rows.some((row) => (row[model] ?? null) === null)) return null;
  return summarise(rows.map((row) => ({ predicted: row[model]!, measured: row.measured })));
}
